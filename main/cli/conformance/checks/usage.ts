import { BUCKETS, DIMENSIONS, TOKEN_TYPES } from '../../../../shared/metering/capabilities.ts'
import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import type { UsagePoint } from '../../../../shared/metering/usage.ts'
import { capabilitiesOf, settledRange, text } from '../ranges.ts'
import type { Area } from '../check.ts'
import type { Session } from '../session.ts'
import { Nonconformity, NotApplicable } from '../verdict.ts'

/** What was answered, and the question in words, for verdicts. */
interface Usage {
  readonly place: string
  readonly series: AnswerOf<'getUsage'>['series']
  readonly rest: AnswerOf<'getUsage'>['rest']
}

export const usageChecks: Area = {
  title: 'Usage',
  checks: [
    { title: 'points lie on the grid, in the range, in order, once each', run: grid },
    { title: 'parts are no larger than what they are part of', run: parts },
    { title: 'every way of grouping sums to the same tokens', run: grouping },
    { title: 'coarser steps sum to the same tokens', run: steps },
    { title: 'top and rest together are everything', run: topAndRest },
    { title: 'a filter gives what its group gives', run: filters },
    { title: 'an unknown name gives no usage, not an error', run: unknownName },
    { title: 'calendar days start at midnight of their zone and sum to the hours', run: calendar },
    { title: 'keys are known within one tenant only', run: keys },
  ],
}

async function ask(session: Session, query: Record<string, string | readonly string[]>): Promise<Usage> {
  const { value, reply } = await session.ask('getUsage', { query })
  return { place: reply.place, series: value.series, rest: value.rest }
}

/** The shortest step that the back end has, ms; ranges of the checks are a dozen of it. */
function stepOf(session: Session): { seconds: string; ms: number } {
  const { minStepSeconds } = capabilitiesOf(session)
  return { seconds: String(minStepSeconds), ms: minStepSeconds * 1000 }
}

function groupsOf(session: Session): readonly string[] {
  const { groups } = capabilitiesOf(session)
  return DIMENSIONS.filter((dimension) => groups.includes(dimension))
}

async function grid(session: Session): Promise<void> {
  const { seconds, ms } = stepOf(session)
  const range = settledRange(session, ms, 12)
  const usage = await ask(session, { ...range, step: seconds, groupBy: groupsOf(session).join(',') })
  const seen = new Set<string>()
  for (const [index, { dims, points }] of usage.series.entries()) {
    const name = JSON.stringify(dims)
    if (seen.has(name)) {
      throw new Nonconformity(`${usage.place} → series[${index}]`, 'each combination once', `${name} again`)
    }
    seen.add(name)
    let last = Number.NEGATIVE_INFINITY
    for (const [i, { t }] of points.entries()) {
      const at = Date.parse(t)
      const place = `${usage.place} → series[${index}].points[${i}].t`
      if (at % ms !== 0) throw new Nonconformity(place, `a multiple of ${seconds} s since 1970`, t)
      if (at < Date.parse(range.from) || at >= Date.parse(range.to)) {
        throw new Nonconformity(place, `an instant from ${range.from} and before ${range.to}`, t)
      }
      if (at <= last) throw new Nonconformity(place, 'a later point than the one before', t)
      last = at
    }
  }
}

async function parts(session: Session): Promise<void> {
  const { seconds, ms } = stepOf(session)
  const range = settledRange(session, ms, 60)
  const usage = await ask(session, { ...range, step: seconds, groupBy: groupsOf(session).join(',') })
  for (const [index, { points }] of usage.series.entries()) {
    for (const [i, point] of points.entries()) {
      const place = `${usage.place} → series[${index}].points[${i}]`
      limit(`${place}.cachedInput`, point.cachedInput, point.input, 'input')
      limit(`${place}.reasoning`, point.reasoning, point.output, 'output')
      limit(`${place}.errors`, BigInt(point.errors), BigInt(point.requests), 'requests')
      limit(`${place}.errorTokens`, point.errorTokens ?? 0n, point.input + point.output, 'input + output')
    }
  }
}

function limit(place: string, part: bigint, whole: bigint, of: string): void {
  if (part > whole) throw new Nonconformity(place, `at most ${of}, ${whole}`, String(part))
}

async function grouping(session: Session): Promise<void> {
  const { seconds, ms } = stepOf(session)
  const range = settledRange(session, ms, 12)
  const whole = sums(await ask(session, { ...range, step: seconds }))
  const groups = groupsOf(session)
  for (const groupBy of [...groups, groups.join(',')]) {
    const grouped = await ask(session, { ...range, step: seconds, groupBy })
    same(grouped.place, 'as without groupBy', whole, sums(grouped))
  }
}

async function steps(session: Session): Promise<void> {
  const { seconds, ms } = stepOf(session)
  const range = settledRange(session, ms * 12, 2)
  const fine = sums(await ask(session, { ...range, step: seconds }))
  const coarse = await ask(session, { ...range, step: String(Number(seconds) * 12) })
  same(coarse.place, `as with step=${seconds}`, fine, sums(coarse))
}

async function topAndRest(session: Session): Promise<void> {
  const { seconds, ms } = stepOf(session)
  const range = settledRange(session, ms, 12)
  const [dimension = 'model'] = groupsOf(session)
  const all = await ask(session, { ...range, step: seconds, groupBy: dimension })
  if (all.series.length < 2) throw new NotApplicable(`There is only one ${dimension}.`)
  const top = await ask(session, { ...range, step: seconds, groupBy: dimension, top: '1' })
  if (top.series.length !== 1) {
    throw new Nonconformity(`${top.place} → series`, 'one series', `${top.series.length}`)
  }
  if (top.rest === undefined) {
    throw new Nonconformity(`${top.place} → rest`, 'the sum of all others', 'nothing')
  }
  const most = all.series.map((one) => tokensOf(sumOf(one.points))).reduce((a, b) => (a > b ? a : b), 0n)
  const given = tokensOf(sumOf(top.series[0]?.points ?? []))
  if (given !== most) {
    throw new Nonconformity(`${top.place} → series[0]`, `the largest, ${most} tokens`, `${given} tokens`)
  }
  same(top.place, 'with rest as without top', sums(all), sums(top))
}

async function filters(session: Session): Promise<void> {
  const { seconds, ms } = stepOf(session)
  const range = settledRange(session, ms, 12)
  for (const dimension of groupsOf(session)) {
    const grouped = await ask(session, { ...range, step: seconds, groupBy: dimension, top: '1' })
    const [first] = grouped.series
    const name = first?.dims[dimension as 'tenant']
    if (first === undefined || name === undefined) continue
    const filtered = await ask(session, { ...range, step: seconds, [dimension]: name })
    same(filtered.place, `as its series with groupBy=${dimension}`, sumOf(first.points), sums(filtered))
  }
}

async function unknownName(session: Session): Promise<void> {
  const { seconds, ms } = stepOf(session)
  const range = settledRange(session, ms, 2)
  const usage = await ask(session, { ...range, step: seconds, model: 'there-is-no-such-model' })
  const sum = sums(usage)
  if (tokensOf(sum) !== 0n) throw new Nonconformity(usage.place, 'no tokens', `${tokensOf(sum)}`)
}

async function calendar(session: Session): Promise<void> {
  const { calendarBuckets, retentionDays } = capabilitiesOf(session)
  if (!BUCKETS.every((bucket) => calendarBuckets.includes(bucket))) {
    throw new NotApplicable('The back end has no calendar buckets; the console sums finer steps itself.')
  }
  const timezone = 'Europe/Paris'
  const days = Math.min(retentionDays - 1, 40)
  const day = 86_400_000
  const to = Math.floor((session.now() - day) / day) * day
  const query = { from: text(to - days * day), to: text(to), timezone }
  const daily = await ask(session, { ...query, bucket: 'day' })
  const hourly = await ask(session, { ...query, bucket: 'hour' })
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  })
  for (const [i, { t }] of (daily.series[0]?.points ?? []).entries()) {
    // The first day may begin before the range does.
    if (i > 0 && clock.format(Date.parse(t)) !== '00:00') {
      throw new Nonconformity(
        `${daily.place} → series[0].points[${i}].t`,
        `midnight in ${timezone}`,
        `${t} (${clock.format(Date.parse(t))})`,
      )
    }
  }
  same(daily.place, 'as with bucket=hour', sums(hourly), sums(daily))
}

async function keys(session: Session): Promise<void> {
  const { groups } = capabilitiesOf(session)
  if (!groups.includes('key')) throw new NotApplicable('The back end does not distinguish keys.')
  const { seconds, ms } = stepOf(session)
  const range = settledRange(session, ms, 12)
  await session.refused('invalid-request', 'getUsage', { query: { ...range, step: seconds, groupBy: 'key' } })
  const byTenant = await ask(session, { ...range, step: seconds, groupBy: 'tenant', top: '1' })
  const [first] = byTenant.series
  const tenant = first?.dims.tenant
  if (first === undefined || tenant === undefined) throw new NotApplicable('No tenant has used anything.')
  const byKey = await ask(session, { ...range, step: seconds, tenant, groupBy: 'key' })
  same(byKey.place, 'as its series with groupBy=tenant', sumOf(first.points), sums(byKey))
}

interface Sum {
  readonly input: bigint
  readonly output: bigint
  readonly cachedInput: bigint
  readonly reasoning: bigint
  readonly requests: bigint
  readonly rejected: bigint
  readonly errors: bigint
}

function sumOf(points: readonly UsagePoint[]): Sum {
  const sum = {
    input: 0n,
    output: 0n,
    cachedInput: 0n,
    reasoning: 0n,
    requests: 0n,
    rejected: 0n,
    errors: 0n,
  }
  for (const point of points) {
    for (const type of TOKEN_TYPES) sum[type] += point[type]
    for (const count of ['requests', 'rejected', 'errors'] as const) sum[count] += BigInt(point[count])
  }
  return sum
}

function sums(usage: Usage): Sum {
  return sumOf([...usage.series.flatMap(({ points }) => points), ...(usage.rest ?? [])])
}

const tokensOf = (sum: Sum): bigint => sum.input + sum.output

function same(place: string, why: string, expected: Sum, got: Sum): void {
  for (const key of Object.keys(expected) as (keyof Sum)[]) {
    if (expected[key] !== got[key]) {
      throw new Nonconformity(`${place} → sum of ${key}`, `${expected[key]}, ${why}`, String(got[key]))
    }
  }
}
