import { interpolateRgb } from 'd3'
import { useMemo } from 'react'
import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { formatClock, formatDuration, zoneName } from '../../../../shared/model/time.ts'
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
        reason={origin.text === '' ? 'No steps of this tenant are known yet.' : origin.text}
        nextStep="They come with the next answers of the metering."
      />
    )
  }
  const step = (times[1] ?? first) - first
  const note = `${origin.name}${step > 0 ? `, a point per ${formatDuration(step)}` : ''}`
  const refusals = rejected.some((value) => value !== null)
  return (
    <>
      <div className="tenant-trend">
        <ChartFrame title="Tokens per second" note={note}>
          <Layers times={times} input={input} output={output} source={note} />
        </ChartFrame>
      </div>
      <ChartFrame title="Rejected requests per second">
        {refusals ? (
          <TimeChart
            label="Rejected requests per second"
            times={times}
            series={[{ label: 'rejected', values: rejected }]}
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
          { name: 'input', rest: false, values: input },
          { name: 'output', rest: false, values: output },
        ],
        times.length,
      ),
    [times, input, output],
  )
  return (
    <StackedChart
      label="Input and output tokens per second"
      times={times}
      fromMs={times[0] ?? 0}
      toMs={times.at(-1) ?? 1}
      stack={stack}
      layers={[
        {
          name: 'input',
          colour: interpolateRgb(colours.rampLow, colours.rampHigh)(INPUT_DEPTH),
          role: 'plain',
        },
        { name: 'output', colour: colours.rampHigh, role: 'plain' },
      ]}
      unit="tok/s"
      instant={(at) => `${formatClock(at, zone)} ${zoneName(at, zone)}`}
      source={source}
    />
  )
}
