import { useMemo } from 'react'
import type { ThrottleDetail } from '../../../shared/contract/throttles.ts'
import { say } from '../../../shared/messages/format.ts'
import { ChartFrame } from '../../ui/chart/ChartFrame.tsx'
import { TimeChart } from '../../ui/chart/TimeChart.tsx'
import { useColours } from '../../ui/theme/colours.ts'

/** Left of both drawings, rem: their times lie below each other. */
const GUTTER = 7
const HEIGHT = 9
const REJECTED_HEIGHT = 5

/** What was predicted and what came of it, on one chart; the rejections below, on the same time. */
export function ThrottleChart({ detail }: { detail: ThrottleDetail }) {
  const { series, throttle, prediction } = detail
  const { times, tokensPerMin, rejectedPerMin } = series
  const colours = useColours()
  const { createdAt } = throttle
  const spread = prediction?.tokensPerMin ?? null
  const lines = useMemo(() => {
    const after = (value: number) => times.map((at) => (at >= createdAt ? value : null))
    return [
      { label: say('throttles.chart.used'), values: tokensPerMin, colour: colours.rampHigh },
      ...(spread === null
        ? []
        : [
            {
              label: say('throttles.chart.predicted'),
              values: after(spread.mid),
              colour: colours.category2,
            },
          ]),
    ]
  }, [times, tokensPerMin, spread, createdAt, colours])
  if (times.length < 2) return <p className="secondary">{say('throttles.chart.none')}</p>
  const limit = throttle.limits.tpm
  return (
    <>
      <ChartFrame title={say('throttles.chart.title')}>
        <TimeChart
          label={say('throttles.chart.title')}
          times={times}
          series={lines}
          unit="tok/min"
          height={HEIGHT}
          gutter={GUTTER}
          range={[0, null]}
          thresholds={
            limit === null
              ? []
              : [{ value: limit, severity: 'critical', label: say('throttles.chart.limit') }]
          }
          legend
        />
      </ChartFrame>
      <ChartFrame title={say('throttles.chart.rejected')}>
        {rejectedPerMin.some((value) => value !== null) ? (
          <TimeChart
            label={say('throttles.chart.rejected')}
            times={times}
            series={[{ label: say('throttles.chart.rejected'), values: rejectedPerMin }]}
            unit="req/min"
            height={REJECTED_HEIGHT}
            gutter={GUTTER}
            range={[0, null]}
          />
        ) : (
          <p className="secondary">{say('throttles.observed.unmeasured')}</p>
        )}
      </ChartFrame>
    </>
  )
}
