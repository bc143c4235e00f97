import type { LatencyFigures } from '../../../shared/contract/tokens.ts'
import type { LatencyKind } from '../../../shared/metering/capabilities.ts'
import type { Quantiles } from '../../../shared/model/tokens.ts'
import { say } from '../../../shared/messages/format.ts'
import { latencyScale, LATENCY_ORDER, LATENCY_WORDS } from '../../state/tokens/measures.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { Tile } from '../../ui/tile/Tile.tsx'

const QUANTILES = ['p50', 'p90', 'p95', 'p99'] as const

interface LatencyTileProps {
  readonly latency: LatencyFigures
  /** Beside figures of another time it says that it is of now. */
  readonly present?: boolean
}

/** Three latencies at four quantiles, in one small table. */
export function LatencyTile({ latency, present = false }: LatencyTileProps) {
  return (
    <Tile label={present ? say('latency.title.now') : say('latency.title')}>
      <table className="latency-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{say('latency.title')}</span>
            </th>
            {QUANTILES.map((quantile) => (
              <th key={quantile} scope="col">
                {quantile}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {LATENCY_ORDER.map((kind) => (
            <tr key={kind}>
              <th scope="row" title={LATENCY_WORDS[kind].meaning}>
                {LATENCY_WORDS[kind].short}
              </th>
              {QUANTILES.map((quantile) => (
                <td key={quantile}>
                  <Quantile latency={latency} kind={kind} quantile={quantile} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Tile>
  )
}

interface QuantileProps {
  readonly latency: LatencyFigures
  readonly kind: LatencyKind
  readonly quantile: (typeof QUANTILES)[number]
}

function Quantile({ latency, kind, quantile }: QuantileProps) {
  const measured = latency[kind]
  const { value, beyond } = read(measured, quantile)
  const { unit, factor } = latencyScale(value)
  const notes = [latency.source, latency.note].filter((text) => text !== '').join('. ')
  return (
    <>
      {beyond && <span title={say('latency.beyond.title')}>&gt;</span>}
      <Figure
        label={say(beyond ? 'latency.label.beyond' : 'latency.label', {
          title: LATENCY_WORDS[kind].title,
          quantile,
        })}
        value={value === null ? null : value * factor}
        unit={unit}
        at={latency.at}
        source={measured === null ? notes : say('latency.observations', { notes, count: measured.count })}
        reason={latency.note === '' ? say('latency.nothing') : latency.note}
        size="tiny"
      />
    </>
  )
}

/** A quantile above the last finite bound is at least that bound, and how much more is not known. */
export function read(
  measured: Quantiles | null,
  quantile: (typeof QUANTILES)[number],
): { value: number | null; beyond: boolean } {
  if (measured === null) return { value: null, beyond: false }
  const value = measured[quantile]
  if (value !== null || measured.beyond === null || measured.count === 0) return { value, beyond: false }
  return { value: measured.beyond, beyond: true }
}
