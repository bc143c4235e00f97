import type { Yield } from '../../../shared/contract/tokens.ts'
import { formatSpan } from '../../../shared/model/time.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { MoneyFigure } from '../../ui/figure/MoneyFigure.tsx'
import { Tile, TileStrip } from '../../ui/tile/Tile.tsx'
import { reasonOf, sourceOf } from './words.ts'

/** The whole factory in one row. */
export function YieldStrip({ item }: { item: Yield }) {
  const { total, currency, windowMs } = item
  const common = {
    at: item.origin.dataAsOf,
    source: sourceOf(item),
    reason: reasonOf(item, total),
    size: 'large',
  } as const
  const { allocated, active, provisioned } = total.perGpuHour
  return (
    <TileStrip label="Yield of the factory">
      <Tile
        label="Tokens per allocated GPU-hour"
        note={
          <>
            active <Figure label="Tokens per active GPU-hour" value={active} unit="tok" size="tiny" quiet /> ·
            provisioned{' '}
            <Figure
              label="Tokens per provisioned GPU-hour"
              value={provisioned}
              unit="tok"
              size="tiny"
              quiet
            />
          </>
        }
      >
        <Figure {...common} label="Tokens per allocated GPU-hour" value={allocated} unit="tok" />
      </Tile>
      <Tile label="Tokens per second" note={`mean over ${formatSpan(windowMs)}`}>
        <Figure {...common} label="Tokens per second" value={total.tokensPerSecond} unit="tok/s" />
      </Tile>
      <Tile label="Tokens per cost dollar" note="what the factory pays">
        <Figure {...common} label="Tokens per cost dollar" value={total.tokensPerCostDollar} unit="tok" />
      </Tile>
      <Tile label="Tokens per spend dollar" note="what the customers pay">
        <Figure {...common} label="Tokens per spend dollar" value={total.tokensPerSpendDollar} unit="tok" />
      </Tile>
      <Tile
        label="Cost of a million tokens"
        note={
          <>
            sold at{' '}
            <MoneyFigure
              label="Price of a million tokens, mean"
              amount={total.spendPerMegatoken}
              currency={currency}
              size="tiny"
            />
          </>
        }
      >
        <MoneyFigure
          {...common}
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
            at <Figure label="Board power" value={total.watts} unit="W" size="tiny" quiet />
          </>
        }
      >
        <Figure {...common} label="Tokens per joule" value={total.tokensPerJoule} unit="tok/J" />
      </Tile>
    </TileStrip>
  )
}
