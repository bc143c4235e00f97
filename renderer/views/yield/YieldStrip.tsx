import { YIELD_TERMS } from '../../../shared/glossary/yield.ts'
import type { Yield } from '../../../shared/contract/tokens.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
import { FigureTile } from '../../ui/tile/FigureTile.tsx'
import { Tile, TileStrip } from '../../ui/tile/Tile.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { meteredFrom } from './servedFor.ts'

/** The whole factory in one row. */
export function YieldStrip({ item }: { item: Yield }) {
  const { total, currency, windowMs } = item
  const of = (value: number | string | null) => meteredFrom(item, total, value !== null)
  const { allocated, active, provisioned } = total.perGpuHour
  const { at: asOf } = of(total.tokensPerSecond)
  return (
    <TileStrip label={say('yields.summary')}>
      <FigureTile
        of={YIELD_TERMS.perAllocatedGpuHour}
        note={
          <>
            <Say
              id="yields.perGpuHour"
              values={{
                active: (
                  <Figure
                    {...of(active)}
                    label={say('yields.perGpuHour.active')}
                    value={active}
                    unit="tok"
                    size="tiny"
                    quiet
                  />
                ),
                provisioned: (
                  <Figure
                    {...of(provisioned)}
                    label={say('yields.perGpuHour.provisioned')}
                    value={provisioned}
                    unit="tok"
                    size="tiny"
                    quiet
                  />
                ),
              }}
            />
          </>
        }
        figure={{ ...of(allocated), value: allocated, unit: 'tok' }}
      />
      <FigureTile
        of={YIELD_TERMS.tokensPerSecond}
        note={
          <>
            {asOf === null ? (
              say('yields.mean', { span: formatSpan(windowMs) })
            ) : (
              <Say id="yields.mean.asOf" values={{ span: formatSpan(windowMs), age: <Age at={asOf} /> }} />
            )}
          </>
        }
        figure={{ ...of(total.tokensPerSecond), value: total.tokensPerSecond, unit: 'tok/s' }}
      />
      <FigureTile
        of={YIELD_TERMS.tokensPerCostDollar}
        note={say('yields.cost.note')}
        figure={{ ...of(total.tokensPerCostDollar), value: total.tokensPerCostDollar, unit: 'tok' }}
      />
      <FigureTile
        of={YIELD_TERMS.tokensPerSpendDollar}
        note={say('yields.spend.note')}
        figure={{ ...of(total.tokensPerSpendDollar), value: total.tokensPerSpendDollar, unit: 'tok' }}
      />
      <Tile
        label={say('yields.costOfMillion')}
        note={
          <>
            <Say
              id="yields.soldAt"
              values={{
                price: (
                  <MoneyFigure
                    {...of(total.spendPerMegatoken)}
                    label={say('yields.soldAt.label')}
                    amount={total.spendPerMegatoken}
                    currency={currency}
                    size="tiny"
                  />
                ),
              }}
            />
          </>
        }
      >
        <MoneyFigure
          {...of(total.costPerMegatoken)}
          size="large"
          label={say('yields.costOfMillion')}
          amount={total.costPerMegatoken}
          currency={currency}
          per="/Mtok"
        />
      </Tile>
      <FigureTile
        of={YIELD_TERMS.tokensPerJoule}
        note={
          <>
            <Say
              id="yields.atPower"
              values={{
                power: (
                  <Figure
                    label={say('floor.power')}
                    value={total.watts}
                    unit="W"
                    size="tiny"
                    at={item.at}
                    source={say('yields.atPower.source')}
                    reason={of(total.watts).reason}
                  />
                ),
              }}
            />
          </>
        }
        figure={{ ...of(total.tokensPerJoule), value: total.tokensPerJoule, unit: 'tok/J' }}
      />
    </TileStrip>
  )
}
