import { say } from '../../../../shared/messages/format.ts'
import { Figure } from '../../figure/Figure.tsx'
import type { StackedChartProps } from './chartProps.ts'
import { AREA_ALPHA } from './plot.ts'

interface StackedLegendProps extends StackedChartProps {
  readonly at: number | null
  readonly pointed: number
  readonly onPick: (layer: number) => void
}

/** From the top of the stack to its ground, with the values under the cursor, or the newest that are known. */
export function StackedLegend(props: StackedLegendProps) {
  const {
    times,
    stack,
    layers,
    unit = '',
    instant,
    at,
    pointed,
    onPick,
    onToggle,
    source = '',
    exact,
    old,
  } = props
  const point = at ?? newestPoint(stack.layers.map(({ values }) => values))
  const time = times[point]
  const shared = { unit, at: time ?? null, source, size: 'tiny', align: 'end' } as const
  const aged = old === undefined ? {} : ({ state: 'stale', quiet: true, reason: old } as const)
  const value = (layer: number | 'total', drawn: number | null | undefined): number | bigint | null =>
    exact === undefined ? (drawn ?? null) : exact(layer, point)
  return (
    <div className="stacked-legend">
      <p className="stacked-legend-at secondary">
        {time === undefined
          ? say('chart.noPoints')
          : at === null
            ? say('chart.newest', { time: instant(time) })
            : instant(time)}
      </p>
      <ol className="stacked-legend-rows" reversed>
        {layers
          .map((layer, index) => ({ ...layer, index, rest: stack.layers[index]?.rest ?? false }))
          .toReversed()
          .map(({ name, colour, role, index, rest }) => (
            <li key={`${index} ${name}`} data-role={role} data-pointed={index === pointed ? '' : undefined}>
              <svg className="stacked-key" viewBox="0 0 12 12" aria-hidden="true">
                <rect width="12" height="12" rx="2" fill={colour} fillOpacity={AREA_ALPHA[role]} />
              </svg>
              {rest || onToggle === undefined ? (
                <span className="stacked-name" title={name}>
                  {name}
                </span>
              ) : (
                <button
                  type="button"
                  className="stacked-name"
                  title={name}
                  aria-pressed={role === 'chosen'}
                  onClick={() => onPick(index)}
                >
                  {name}
                </button>
              )}
              <Figure
                {...shared}
                label={name}
                value={value(index, stack.layers[index]?.values[point])}
                reason={say('chart.unknownHere')}
                {...aged}
              />
            </li>
          ))}
      </ol>
      {layers.length > 1 && (
        <p className="stacked-total">
          <span>{say('chart.total')}</span>
          <Figure
            {...shared}
            label={say('chart.total.label')}
            value={value('total', stack.totals[point])}
            reason={say('chart.total.unknown')}
            {...aged}
          />
        </p>
      )}
    </div>
  )
}

/** The newest point at which anything is known. */
function newestPoint(columns: readonly (readonly (number | null)[])[]): number {
  return columns.reduce(
    (newest, values) =>
      Math.max(
        newest,
        values.findLastIndex((one) => one !== null),
      ),
    -1,
  )
}
