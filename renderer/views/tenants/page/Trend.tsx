import { interpolateRgb } from 'd3'
import { useMemo } from 'react'
import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { formatClock, formatDuration, zoneName } from '../../../../shared/model/time.ts'
import { say, textOf } from '../../../../shared/messages/format.ts'
import { stackLayers } from '../../../ui/chart/stacked/stack.ts'
import { lackOf } from '../../../state/tokens/measures.ts'
import { ChartFrame } from '../../../ui/chart/ChartFrame.tsx'
import { StackedChart } from '../../../ui/chart/stacked/StackedChart.tsx'
import { TimeChart } from '../../../ui/chart/TimeChart.tsx'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { useSiteZone } from '../../../ui/figure/freshness.ts'
import { useColours } from '../../../ui/theme/colours.ts'

/** Heights in rem of the smaller drawing; the larger one's is in the style. */
const REJECTED_HEIGHT = 7
/** As in the bars of the ranking: input is the quieter of the two. */
const INPUT_DEPTH = 0.55

/** Its input and output over the recent steps, and what was refused meanwhile. */
export function Trend({ tenant }: { tenant: TenantDetail }) {
  const { trend, origin } = tenant
  const { times, input, output, rejected } = trend
  const first = times[0]
  const last = times.at(-1)
  if (first === undefined || last === undefined) {
    return (
      <EmptyState
        reason={origin.text === null ? say('tenant.trend.none') : textOf(origin.text)}
        nextStep={say('tenant.trend.none.next')}
      />
    )
  }
  const step = (times[1] ?? first) - first
  const note =
    step > 0 ? say('tokens.source.points', { source: origin.name, step: formatDuration(step) }) : origin.name
  const refusals = rejected.some((value) => value !== null)
  return (
    <>
      <div className="tenant-trend">
        <ChartFrame title={say('tenant.trend.tokens')} note={note}>
          <Layers times={times} input={input} output={output} source={note} />
        </ChartFrame>
      </div>
      <ChartFrame title={say('tenant.trend.rejected')}>
        {refusals ? (
          <TimeChart
            label={say('tenant.trend.rejected')}
            times={times}
            series={[{ label: say('tenant.trend.rejected.short'), values: rejected }]}
            unit="req/s"
            height={REJECTED_HEIGHT}
            range={[0, null]}
          />
        ) : (
          <p className="secondary">{lackOf(origin, 'rejected')}</p>
        )}
      </ChartFrame>
    </>
  )
}

interface LayersProps extends Pick<TenantDetail['trend'], 'times' | 'input' | 'output'> {
  readonly source: string
}

function Layers({ times, input, output, source }: LayersProps) {
  const zone = useSiteZone()
  const colours = useColours()
  const stack = useMemo(
    () =>
      stackLayers(
        [
          { name: say('tenant.trend.input'), rest: false, values: input },
          { name: say('tenant.trend.output'), rest: false, values: output },
        ],
        times.length,
      ),
    [times, input, output],
  )
  return (
    <StackedChart
      label={say('tenant.trend.label')}
      times={times}
      fromMs={times[0] ?? 0}
      toMs={times.at(-1) ?? 1}
      stack={stack}
      layers={[
        {
          name: say('tenant.trend.input'),
          colour: interpolateRgb(colours.rampLow, colours.rampHigh)(INPUT_DEPTH),
          role: 'plain',
        },
        { name: say('tenant.trend.output'), colour: colours.rampHigh, role: 'plain' },
      ]}
      unit="tok/s"
      instant={(at) => `${formatClock(at, zone)} ${zoneName(at, zone)}`}
      source={source}
    />
  )
}
