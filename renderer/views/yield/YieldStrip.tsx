import { YIELD_TERMS } from '../../../shared/glossary/yield.ts'
import type { Yield } from '../../../shared/contract/tokens.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
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
      <Tile
        label="Tokens per allocated GPU-hour"
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
      >
        <Figure
          {...of(allocated)}
          size="large"
          label="Tokens per allocated GPU-hour"
          value={allocated}
          unit="tok"
        />
      </Tile>
      <Tile
        label="Tokens per second"
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
      >
        <Figure
          {...of(total.tokensPerSecond)}
          size="large"
          label="Tokens per second"
          value={total.tokensPerSecond}
          unit="tok/s"
        />
      </Tile>
      <Tile label={YIELD_TERMS.tokensPerCostDollar.name} note="what the factory pays">
        <Figure
          {...of(total.tokensPerCostDollar)}
          size="large"
          label={YIELD_TERMS.tokensPerCostDollar.name}
          value={total.tokensPerCostDollar}
          unit="tok"
        />
      </Tile>
      <Tile label={YIELD_TERMS.tokensPerSpendDollar.name} note="what the customers pay">
        <Figure
          {...of(total.tokensPerSpendDollar)}
          size="large"
          label={YIELD_TERMS.tokensPerSpendDollar.name}
          value={total.tokensPerSpendDollar}
          unit="tok"
        />
      </Tile>
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
      <Tile
        label="Tokens per joule"
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
      >
        <Figure
          {...of(total.tokensPerJoule)}
          size="large"
          label="Tokens per joule"
          value={total.tokensPerJoule}
          unit="tok/J"
        />
      </Tile>
    </TileStrip>
  )
}
