import { useState } from 'react'
import type { History } from '../../../../shared/contract/fleet.ts'
import { type FieldId, field } from '../../../../shared/model/field.ts'
import { formatDuration } from '../../../../shared/model/time.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useLimits } from '../../../state/limits.ts'
import { ChartFrame } from '../../../ui/chart/ChartFrame.tsx'
import { TimeChart } from '../../../ui/chart/TimeChart.tsx'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { FieldFigure } from '../../../ui/figure/FieldFigure.tsx'
import { Select } from '../../../ui/form/Select.tsx'
import { type HistoryAnswer, useHistory } from './useHistory.ts'

const SPANS = [
  { value: '900000', title: say('gpu.history.15min') },
  { value: '3600000', title: say('gpu.history.1h') },
  { value: '21600000', title: say('gpu.history.6h') },
  { value: '86400000', title: say('gpu.history.24h') },
] as const
type Span = (typeof SPANS)[number]['value']

interface HistoryChartsProps {
  readonly topologyVersion: number
  /** One line per row, named by `labels`. */
  readonly rows: readonly number[]
  readonly labels: readonly string[]
  readonly fields: readonly FieldId[]
}

/** The recent past of what a drawer shows, one chart per field, all over the same span. */
export function HistoryCharts({ topologyVersion, rows, labels, fields }: HistoryChartsProps) {
  const [span, setSpan] = useState<Span>('900000')
  const answer = useHistory({ topologyVersion, rows, fields, spanMs: Number(span) })
  return (
    <div className="history">
      <div className="history-head">
        <Select label={say('gpu.history.span')} hideLabel value={span} options={SPANS} onChange={setSpan} />
        <span className="history-origin">{originOf(answer)}</span>
      </div>
      {answer.state === 'failed' ? (
        <EmptyState reason={answer.text} nextStep={answer.nextStep} />
      ) : (
        fields.map((id) => (
          <FieldHistory
            key={id}
            id={id}
            rows={rows}
            labels={labels}
            history={answer.state === 'here' ? answer.history : null}
          />
        ))
      )}
    </div>
  )
}

function originOf(answer: HistoryAnswer): string {
  if (answer.state === 'asking') return say('gpu.history.asking')
  if (answer.state === 'failed') return ''
  const { origin, stepMs, warnings } = answer.history
  const from = origin === 'prometheus' ? 'gpu.history.prometheus' : 'gpu.history.memory'
  return [say(from, { step: formatDuration(stepMs) }), ...warnings].join(' · ')
}

interface FieldHistoryProps {
  readonly id: FieldId
  readonly rows: readonly number[]
  readonly labels: readonly string[]
  readonly history: History | null
}

function FieldHistory({ id, rows, labels, history }: FieldHistoryProps) {
  const { title, display } = field(id)
  const limits = useLimits(id)
  const series = rows.map((row, index) => ({
    label: labels[index] ?? '',
    values: (history?.series.find((one) => one.row === row && one.field === id)?.values ?? []).map((value) =>
      value === null ? null : value * display.scale,
    ),
  }))
  const hasData = series.some(({ values }) => values.some((value) => value !== null))
  const only = series.length === 1 ? series[0] : undefined
  const newest = only?.values.findLast((value) => value !== null) ?? null
  return (
    <ChartFrame
      title={title}
      figure={
        only && (
          <FieldFigure field={id} value={newest === null ? null : newest / display.scale} size="small" />
        )
      }
    >
      {hasData ? (
        <TimeChart
          label={title}
          times={history?.times ?? []}
          series={series}
          unit={display.unit}
          digits={display.digits}
          range={display.unit === '%' ? [0, 100] : [0, null]}
          height={series.length > 1 ? 7 : 5}
          thresholds={
            limits
              ? [
                  {
                    value: limits.advisory * display.scale,
                    severity: 'advisory',
                    label: say('severity.advisory'),
                  },
                  {
                    value: limits.critical * display.scale,
                    severity: 'critical',
                    label: say('severity.critical'),
                  },
                ]
              : []
          }
        />
      ) : (
        <p className="history-empty">
          {history === null ? say('gpu.history.awaited') : say('gpu.history.none')}
        </p>
      )}
    </ChartFrame>
  )
}
