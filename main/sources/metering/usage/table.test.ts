import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usageSchema } from '../../../../shared/metering/usage.ts'
import { MEASURES } from '../../../../shared/model/tokens.ts'
import { stringifyJson } from '../../../../shared/metering/json.ts'
import type { Dims, UsageTable } from '../../../core/tokens/types.ts'
import { atOnce } from '../../../platform/turn.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { MeteringRefusal } from '../transport/refusal.ts'
import type { UsageQuestion } from '../types.ts'
import { UsageAsking } from './asking.ts'
import type { Counted } from './growing.ts'
import { UsageParts } from './points.ts'
import { usageReader } from './table.ts'

const STEP_MS = 10_000
const FROM = Date.UTC(2026, 10, 23, 12)
const STEPS = 24
const COUNTED: Counted = {
  input: true,
  output: true,
  cachedInput: true,
  reasoning: true,
  requests: true,
  rejected: true,
  errors: true,
  errorTokens: true,
}
const QUESTION: UsageQuestion = {
  fromMs: FROM,
  toMs: FROM + STEPS * STEP_MS,
  step: { ms: STEP_MS },
  groupBy: ['tenant'],
  filters: {},
  top: null,
}

interface Entry {
  readonly tenant: string
  readonly step: number
  readonly input: bigint
}
const entries = fc.uniqueArray(
  fc.record({
    tenant: fc.constantFrom('a', 'b', 'c'),
    step: fc.integer({ min: 0, max: STEPS - 1 }),
    input: fc.bigInt({ min: 0n, max: 2n ** 80n }),
  }),
  { selector: ({ tenant, step }) => `${tenant}${step}` },
)

interface Answer {
  readonly series: { readonly dims: object; readonly points: Record<string, unknown>[] }[]
  readonly [field: string]: unknown
}

/** What a server with these entries says to a question, as it stands on the wire. */
function answerTo({ fromMs, toMs }: UsageQuestion, held: readonly Entry[]): Answer {
  const times = held.map((entry) => ({ ...entry, at: FROM + entry.step * STEP_MS }))
  const asked = times.filter(({ at }) => at >= fromMs && at < toMs)
  const tenants = [...new Set(asked.map(({ tenant }) => tenant))]
  return {
    dataAsOf: '2026-11-23T13:00:00Z',
    complete: true,
    missing: [],
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    step: STEP_MS / 1000,
    series: tenants.map((tenant) => ({
      dims: { tenant },
      points: asked
        .filter((entry) => entry.tenant === tenant)
        .map(({ at, input }) => ({
          t: new Date(at).toISOString(),
          input,
          output: 0,
          cachedInput: 0,
          reasoning: 0,
          requests: 1,
          rejected: 0,
          errors: 0,
          errorTokens: 0,
        })),
    })),
  }
}

/** As it is read off the wire. */
function tableFrom(question: UsageQuestion, answer: object): UsageTable {
  return atOnce(usageReader(question, COUNTED)(Buffer.from(stringifyJson(answer))))
}

function entriesOf(table: UsageTable): Entry[] {
  const steps = table.times.length
  return table.rows.flatMap(({ tenant = '' }, row) =>
    table.times.flatMap((time, step) =>
      table.given[row * steps + step] === 1
        ? [
            {
              tenant,
              step: (time - FROM) / STEP_MS,
              input: table.counts.input?.exact(row * steps + step) ?? -1n,
            },
          ]
        : [],
    ),
  )
}
const sorted = (all: readonly Entry[]) =>
  all.toSorted((a, b) => a.tenant.localeCompare(b.tenant) || a.step - b.step)

describe('points', () => {
  const odd = fc.oneof(
    fc.constantFrom(
      null,
      undefined,
      -1,
      1.5,
      Number.NaN,
      -1n,
      2n ** 60n,
      10n ** 30n,
      10n ** 400n,
      2 ** 53,
      '3',
      '2026-11-23T12:00:00Z',
    ),
    fc.nat(),
  )
  it('are taken by hand exactly where the schema takes them', () => {
    const [good] = answerTo(QUESTION, [{ tenant: 'a', step: 0, input: 1n }]).series
    fc.assert(
      fc.property(fc.constantFrom('t', ...MEASURES), odd, (field, value) => {
        const answer = answerTo(QUESTION, [])
        const point: Record<string, unknown> = { ...good?.points[0], [field]: value, prompt: 'x' }
        if (value === undefined) delete point[field]
        const series = { dims: { tenant: 'a' }, points: [point] }
        answer.series.push(series)
        const expected = usageSchema.safeParse(answer)
        if (!expected.success) {
          expect(() => new UsageParts().series(series, 0)).toThrow(`series.0.points.0.${field}`)
          return
        }
        const [read] = expected.data.series
        for (const measure of MEASURES) {
          const count = new UsageParts().series(series, 0).points[0]?.[measure]
          expect(count === undefined ? undefined : BigInt(count)).toEqual(
            read?.points[0]?.[measure] === undefined ? undefined : BigInt(read.points[0][measure]),
          )
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('a usage table', () => {
  it('holds exactly the points of the answer', () => {
    fc.assert(
      fc.property(entries, (held) => {
        const table = tableFrom(QUESTION, answerTo(QUESTION, held))
        expect(sorted(entriesOf(table))).toEqual(sorted(held))
        expect(table.times).toHaveLength(STEPS)
      }),
      { numRuns: 100 },
    )
  })

  it('sums the rows that are told under one name, each of them whole', () => {
    fc.assert(
      fc.property(entries, (held) => {
        const question = {
          ...QUESTION,
          admit: (rows: readonly Dims[]) => rows.map(() => ({ tenant: 'all' })),
        }
        const table = tableFrom(question, answerTo(QUESTION, held))
        const sums = new Map<number, bigint>()
        for (const { step, input } of held) sums.set(step, (sums.get(step) ?? 0n) + input)
        expect(table.rows).toHaveLength(Math.min(1, held.length))
        expect(new Map(entriesOf(table).map(({ step, input }) => [step, input]))).toEqual(
          new Map([...sums].toSorted(([a], [b]) => a - b)),
        )
      }),
    )
  })

  it('is read in turns, and refused as a whole for its last point', () => {
    const tenants = Array.from({ length: 3000 }, (_, i) => ({
      dims: { tenant: `t${i}` },
      points:
        answerTo(QUESTION, [{ tenant: 'a', step: i % STEPS, input: BigInt(i) }]).series[0]?.points ?? [],
    }))
    const bytes = (series: object) => Buffer.from(stringifyJson({ ...answerTo(QUESTION, []), series }))
    let rests = 0
    const reading = usageReader(QUESTION, COUNTED)(bytes(tenants))
    while (reading.next().done !== true) rests++
    expect(rests).toBeGreaterThan(5)
    const twice = [
      ...tenants,
      { dims: { tenant: 'z' }, points: [1, 2].flatMap(() => tenants[0]?.points ?? []) },
    ]
    expect(() => atOnce(usageReader(QUESTION, COUNTED)(bytes(twice)))).toThrow('series.3000.points.1.t: 2026')
    expect(() => atOnce(usageReader(QUESTION, COUNTED)(bytes([...tenants, tenants[7]])))).toThrow(
      'series.3000.dims: t7 is there twice',
    )
  })

  it('is the same when it was asked for in parts of any size', async () => {
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: STEPS }), async (held, most) => {
        const asked: number[] = []
        const asking = new UsageAsking((part) => {
          const count = (part.toMs - part.fromMs) / STEP_MS
          if (count > most) return Promise.reject(tooMany())
          asked.push(count)
          return Promise.resolve(tableFrom(part, answerTo(part, held)))
        }, new Map())
        const table = await asking.answer(QUESTION)
        expect(sorted(entriesOf(table))).toEqual(sorted(held))
        expect(asked.reduce((sum, count) => sum + count, 0)).toBe(STEPS)
        expect(Math.max(...asked)).toBeLessThanOrEqual(most)
      }),
      { numRuns: 50 },
    )
  })

  it('reaches as far as the least of its parts, and misses what any of them misses', async () => {
    let part = 0
    const asking = new UsageAsking((question) => {
      if (question.toMs - question.fromMs > 12 * STEP_MS) return Promise.reject(tooMany())
      part += 1
      const table = tableFrom(question, answerTo(question, []))
      return Promise.resolve({
        ...table,
        dataAsOf: 100 - part,
        complete: part === 1,
        missing: [`gateway ${part}`],
      })
    }, new Map())
    expect(await asking.answer(QUESTION)).toMatchObject({
      dataAsOf: 98,
      complete: false,
      missing: ['gateway 1', 'gateway 2'],
    })
  })

  it('remembers how much fits, and gives up on what never does', async () => {
    const fits = new Map<string, number>()
    let times = 0
    const picky = () =>
      new UsageAsking((part) => {
        times += 1
        if (part.toMs - part.fromMs > 6 * STEP_MS) return Promise.reject(tooMany())
        return Promise.resolve(tableFrom(part, answerTo(part, [])))
      }, fits)
    await picky().answer(QUESTION)
    const learning = times
    times = 0
    await picky().answer(QUESTION)
    expect(times).toBe(4)
    expect(times).toBeLessThan(learning)
    const never = new UsageAsking(() => Promise.reject(tooMany()), new Map())
    await expect(never.answer(QUESTION)).rejects.toThrow(SourceFailure)
    const top = new UsageAsking(() => Promise.reject(tooMany()), new Map())
    await expect(top.answer({ ...QUESTION, top: 5 })).rejects.toThrow('too many')
  })

  it('is refused as too large where its parts together are more than can be held', async () => {
    const long = { ...QUESTION, toMs: FROM + 9000 * STEP_MS }
    const rows = Array.from({ length: 1000 }, (_, i) => ({ tenant: String(i) }))
    const wide = (part: UsageQuestion) => {
      if (part.toMs - part.fromMs > 4500 * STEP_MS) return Promise.reject(tooMany())
      return Promise.resolve({ ...tableFrom(part, answerTo(part, [])), rows })
    }
    await expect(new UsageAsking(wide, new Map()).answer(long)).rejects.toMatchObject({
      failure: { code: 'too-large', text: expect.stringContaining('1000 combinations over 9000 steps') },
    })
  })

  it('has no tokens of failed requests where one point leaves them out', () => {
    const answer = answerTo(QUESTION, [{ tenant: 'a', step: 0, input: 1n }])
    delete answer.series[0]?.points[0]?.['errorTokens']
    expect(tableFrom(QUESTION, answer).counts.errorTokens).toBeNull()
  })

  it('covers a question that does not begin with a step', () => {
    const odd = { ...QUESTION, fromMs: FROM + 5_000, toMs: FROM + 15_000 }
    const table = tableFrom(odd, answerTo({ ...odd, fromMs: FROM }, [{ tenant: 'a', step: 0, input: 7n }]))
    expect(table.times).toEqual([FROM, FROM + STEP_MS])
    expect(table.toMs).toBe(FROM + 2 * STEP_MS)
  })
})

function tooMany(): MeteringRefusal {
  return new MeteringRefusal({ code: 'http-400', text: 'too many', nextStep: '' }, 400, {
    pointer: 'query.step',
  })
}
