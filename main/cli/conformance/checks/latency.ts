import type { LatencyKind } from '../../../../shared/metering/capabilities.ts'
import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import { capabilitiesOf, settledRange } from '../ranges.ts'
import type { Area } from '../check.ts'
import type { Session } from '../session.ts'
import { Nonconformity, NotApplicable } from '../verdict.ts'

interface Histograms {
  readonly place: string
  readonly latency: AnswerOf<'getLatency'>
}

export const latencyChecks: Area = {
  title: 'Latency',
  checks: [
    { title: 'every kind is a histogram with ascending bounds and a count for each bucket', run: buckets },
    { title: 'histograms of groups add up to the one of all', run: adding },
    { title: 'histograms of steps add up to the one of the range', run: steps },
  ],
}

function kindsOf(session: Session): readonly LatencyKind[] {
  const { latencyKinds } = capabilitiesOf(session)
  if (latencyKinds.length === 0) throw new NotApplicable('The back end does not measure latency.')
  return latencyKinds
}

async function ask(session: Session, query: Record<string, string>): Promise<Histograms> {
  const { value, reply } = await session.ask('getLatency', { query })
  return { place: reply.place, latency: value }
}

async function buckets(session: Session): Promise<void> {
  const range = settledRange(session, 60_000, 10)
  for (const kind of kindsOf(session)) {
    const { place, latency } = await ask(session, { ...range, kind, groupBy: 'model' })
    latency.bounds.forEach((bound, i) => {
      if (bound > (latency.bounds[i - 1] ?? 0)) return
      throw new Nonconformity(`${place} → bounds[${i}]`, 'ascending bounds above 0', String(bound))
    })
    for (const [i, { points }] of latency.series.entries()) {
      for (const [p, { counts }] of points.entries()) {
        if (counts.length === latency.bounds.length + 1) continue
        throw new Nonconformity(
          `${place} → series[${i}].points[${p}].counts`,
          `${latency.bounds.length + 1} counts, one more than bounds`,
          `${counts.length}`,
        )
      }
    }
  }
}

async function adding(session: Session): Promise<void> {
  const range = settledRange(session, 60_000, 5)
  for (const kind of kindsOf(session)) {
    const whole = await ask(session, { ...range, kind })
    const grouped = await ask(session, { ...range, kind, groupBy: 'model' })
    if (whole.latency.bounds.join() !== grouped.latency.bounds.join()) {
      throw new Nonconformity(
        `${grouped.place} → bounds`,
        `${whole.latency.bounds.join(', ')}, as without groupBy`,
        grouped.latency.bounds.join(', '),
      )
    }
    const expected = sumOf(whole.latency)
    sumOf(grouped.latency).forEach((count, i) => {
      if (count === expected[i]) return
      throw new Nonconformity(
        `${grouped.place} → sum of counts[${i}]`,
        `${expected[i]}, as without groupBy`,
        String(count),
      )
    })
  }
}

async function steps(session: Session): Promise<void> {
  const range = settledRange(session, 60_000, 5)
  for (const kind of kindsOf(session)) {
    const whole = await ask(session, { ...range, kind })
    const { place, latency } = await ask(session, { ...range, kind, step: '60' })
    if (latency.step !== 60) throw new Nonconformity(`${place} → step`, '60, as asked', `${latency.step}`)
    for (const [i, { points }] of latency.series.entries()) {
      for (const [p, { t }] of points.entries()) {
        if (Date.parse(t) % 60_000 === 0) continue
        throw new Nonconformity(`${place} → series[${i}].points[${p}].t`, 'a full minute', t)
      }
    }
    const expected = sumOf(whole.latency)
    sumOf(latency).forEach((count, i) => {
      if (count === expected[i]) return
      throw new Nonconformity(
        `${place} → sum of counts[${i}]`,
        `${expected[i]}, as without step`,
        String(count),
      )
    })
  }
}

function sumOf({ bounds, series }: AnswerOf<'getLatency'>): number[] {
  return Array.from({ length: bounds.length + 1 }, (_, i) =>
    series.flatMap(({ points }) => points).reduce((sum, { counts }) => sum + (counts[i] ?? 0), 0),
  )
}
