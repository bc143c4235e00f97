import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useState } from 'react'
import type { SloHistory } from '../../../shared/contract/slo.ts'
import { say } from '../../../shared/messages/format.ts'
import { shareText } from '../../../shared/model/objectiveWords.ts'
import type { BurnState, Objective } from '../../../shared/model/objective.ts'
import { formatDate, formatInstant } from '../../../shared/model/time.ts'
import { burnDownOf, pathOf } from '../../state/slo/burnDown.ts'
import { useClient } from '../../transport/context.tsx'
import { asCallFailure } from '../../transport/failure.ts'
import { ChartFrame } from '../../ui/chart/ChartFrame.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'

const DAY_MS = 86_400_000
const POINTS = 360
/** Burn at which a bar of the lower strip is full. */
const FULL_BURN = 10

/** What is left of the budget over its period, and how fast each stretch burnt. */
export function BurnDownChart({ objective, state }: { objective: Objective; state: BurnState }) {
  const { asOf } = state
  const { history, trouble } = useHistory(objective, state)
  const title = say('slo.burnDown', { days: objective.windowDays })
  return (
    <ChartFrame title={title} note={say('slo.burnDown.note')}>
      {history === null || asOf === null || history.points.length === 0 ? (
        <p className="secondary slo-no-chart">{trouble ?? say('slo.burnDown.none')}</p>
      ) : (
        <Drawing history={history} toMs={asOf} title={title} />
      )}
    </ChartFrame>
  )
}

function Drawing({ history, toMs, title }: { history: SloHistory; toMs: number; title: string }) {
  const zone = useSiteZone()
  const hatch = useId()
  const [at, setAt] = useState<number | null>(null)
  const fromMs = toMs - history.objective.windowDays * DAY_MS
  const drawn = useMemo(() => burnDownOf(history, fromMs, toMs), [history, fromMs, toMs])
  const { points } = history
  const shown = points[Math.min(at ?? points.length - 1, points.length - 1)]
  const x = (ms: number) => ((ms - fromMs) / (toMs - fromMs)) * 100

  function onPointer(event: PointerEvent<HTMLDivElement>): void {
    const box = event.currentTarget.getBoundingClientRect()
    const ms = fromMs + ((event.clientX - box.left) / box.width) * (toMs - fromMs)
    const next = points.findLastIndex((point) => point.at <= ms)
    setAt(next < 0 ? 0 : next)
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    setAt(Math.min(Math.max((at ?? points.length - 1) + step, 0), points.length - 1))
  }

  const readout = shown === undefined ? '' : readoutOf(shown, history.stepMs, zone)
  return (
    <div className="slo-burn-down">
      <div className="slo-axis" aria-hidden="true">
        <span style={{ top: 0 }}>100 %</span>
        <span style={{ top: `${drawn.zero * 100}%` }}>0 %</span>
      </div>
      {/* Read with the arrow keys, therefore it takes the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        className="slo-plot"
        role="application"
        aria-roledescription={say('chart.role')}
        aria-label={`${title}. ${readout}`}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={onKey}
        onPointerMove={onPointer}
        onPointerLeave={() => setAt(null)}
      >
        <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
          <defs>
            <pattern
              id={hatch}
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="scale(1 0.6)"
            >
              <path d="M0 6L6 0" className="slo-hatch" />
            </pattern>
          </defs>
          {drawn.unmeasured.map(([from, to]) => (
            <rect
              key={from}
              x={from * 1000}
              y="0"
              width={(to - from) * 1000}
              height="100"
              fill={`url(#${hatch})`}
            />
          ))}
          <path className="slo-band" d={pathOf(drawn.band, true)} />
          <path className="slo-zero" d={`M0 ${drawn.zero * 100}H1000`} />
          <path className="slo-line" d={pathOf(drawn.line)} />
          {at !== null && shown !== undefined && (
            <path className="slo-cursor" d={`M${x(shown.at) * 10} 0V100`} />
          )}
        </svg>
      </div>
      <svg className="slo-strip" viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
        {drawn.burns.map(({ x: left, width, burn }) =>
          burn === null ? null : (
            <rect
              key={left}
              className="slo-strip-bar"
              data-over={burn > 1 ? '' : undefined}
              x={left * 1000}
              width={Math.max(1, width * 1000)}
              y={100 - (Math.min(FULL_BURN, burn) / FULL_BURN) * 100}
              height={(Math.min(FULL_BURN, burn) / FULL_BURN) * 100}
            />
          ),
        )}
        <path className="slo-zero" d={`M0 ${100 - 100 / FULL_BURN}H1000`} />
      </svg>
      <div className="slo-days" aria-hidden="true">
        {daysOf(fromMs, toMs).map((day) => (
          <span key={day} style={{ left: `${x(day)}%` }}>
            {formatDate(day, zone).replace(/ \d{4}$/, '')}
          </span>
        ))}
      </div>
      <p className="slo-readout" aria-live="polite">
        {readout}
      </p>
    </div>
  )
}

function readoutOf(point: SloHistory['points'][number], stepMs: number, zone: string): string {
  const { at, bad, total, known, expected, budget } = point
  return say('slo.readout', {
    at: formatInstant(at, zone),
    step: Math.round(stepMs / 60_000),
    left: budget === null ? '—' : shareText(budget.left),
    bad: Math.round(bad),
    total: Math.round(total),
    coverage: expected === 0 ? '—' : shareText(known / expected),
  })
}

/** Five or so instants that divide the period. */
function daysOf(fromMs: number, toMs: number): number[] {
  const step = Math.max(DAY_MS, Math.round((toMs - fromMs) / DAY_MS / 5) * DAY_MS)
  const days: number[] = []
  for (let at = Math.ceil(fromMs / DAY_MS) * DAY_MS; at < toMs - step / 3; at += step) days.push(at)
  return days
}

/** Asked again whenever the figures of the tile change: the chart ends in the same ones. */
function useHistory({ id, windowDays }: Objective, { asOf, knownFrom, budget }: BurnState) {
  const client = useClient()
  const [history, setHistory] = useState<SloHistory | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const key = JSON.stringify({ id, windowDays, asOf, knownFrom, bad: budget?.bad ?? null })
  useEffect(() => {
    const { asOf: toMs, ...asked } = JSON.parse(key) as {
      id: string
      windowDays: number
      asOf: number | null
    }
    if (toMs === null) return undefined
    const leaving = new AbortController()
    const ask = async (): Promise<void> => {
      const fromMs = toMs - asked.windowDays * DAY_MS
      const question = { objectiveId: asked.id, fromMs, toMs, maxPoints: POINTS }
      try {
        setHistory(await client.call('slo.history', question, { signal: leaving.signal }))
        setTrouble(null)
      } catch (error) {
        if (!leaving.signal.aborted) setTrouble(asCallFailure(error).message)
      }
    }
    void ask()
    return () => leaving.abort()
  }, [client, key])
  return { history, trouble }
}
