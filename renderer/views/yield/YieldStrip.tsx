import { YIELD_TERMS } from '../../../shared/glossary/yield.ts'
import type { Yield } from '../../../shared/contract/tokens.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
import { FigureTile } from '../../ui/tile/FigureTile.tsx'
import { Tile, TileStrip } from '../../ui/tile/Tile.tsx'
import { meteredFrom } from './servedFor.ts'

/** The whole factory in one row. */
export function YieldStrip({ item }: { item: Yield }) {
  const { total, currency, windowMs } = item
  const of = (value: number | string | null) => meteredFrom(item, total, value !== null)
  const { allocated, active, provisioned } = total.perGpuHour
  const { at: asOf } = of(total.tokensPerSecond)
  return (
    <TileStrip label="Yield of the factory">
      <FigureTile
        of={YIELD_TERMS.perAllocatedGpuHour}
        note={
          <>
            active{' '}
            <Figure
              {...of(active)}
              label="Tokens per active GPU-hour"
              value={active}
              unit="tok"
              size="tiny"
              quiet
            />{' '}
            · provisioned{' '}
            <Figure
              {...of(provisioned)}
              label="Tokens per provisioned GPU-hour"
              value={provisioned}
              unit="tok"
              size="tiny"
              quiet
            />
          </>
        }
        figure={{ ...of(allocated), value: allocated, unit: 'tok' }}
      />
      <FigureTile
        of={YIELD_TERMS.tokensPerSecond}
        note={
          <>
            mean over {formatSpan(windowMs)}
            {asOf !== null && (
              <>
                , as of <Age at={asOf} />
              </>
            )}
          </>
        }
        figure={{ ...of(total.tokensPerSecond), value: total.tokensPerSecond, unit: 'tok/s' }}
      />
      <FigureTile
        of={YIELD_TERMS.tokensPerCostDollar}
        note="what the factory pays"
        figure={{ ...of(total.tokensPerCostDollar), value: total.tokensPerCostDollar, unit: 'tok' }}
      />
      <FigureTile
        of={YIELD_TERMS.tokensPerSpendDollar}
        note="what the customers pay"
        figure={{ ...of(total.tokensPerSpendDollar), value: total.tokensPerSpendDollar, unit: 'tok' }}
      />
      <Tile
        label="Cost of a million tokens"
        note={
          <>
            sold at{' '}
            <MoneyFigure
              {...of(total.spendPerMegatoken)}
              label="Price of a million tokens, mean"
              amount={total.spendPerMegatoken}
              currency={currency}
              size="tiny"
            />
          </>
        }
      >
        <MoneyFigure
          {...of(total.costPerMegatoken)}
          size="large"
          label="Cost of a million tokens"
          amount={total.costPerMegatoken}
          currency={currency}
          per="/Mtok"
        />
      </Tile>
      <FigureTile
        of={YIELD_TERMS.tokensPerJoule}
        note={
          <>
            at{' '}
            <Figure
              label="Board power"
              value={total.watts}
              unit="W"
              size="tiny"
              at={item.at}
              source="the boards of the floor"
              reason={of(total.watts).reason}
            />
          </>
        }
        figure={{ ...of(total.tokensPerJoule), value: total.tokensPerJoule, unit: 'tok/J' }}
      />
    </TileStrip>
  )
}
