import { describe, expect, it, onTestFinished } from 'vitest'
import type { CommandParsed } from '../../../shared/contract/contract.ts'
import type { ThrottleSummary } from '../../../shared/contract/throttles.ts'
import { textOf } from '../../../shared/messages/format.ts'
import { type ActionBench, ON_CALL, startActionBench } from '../../actions/testing/bench.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { createLogger } from '../../platform/logger.ts'
import { ThrottleFailure, type ThrottleProblem } from '../../sources/metering/throttles/failure.ts'
import { StoreFailure } from '../../store/index.ts'
import { message } from '../../../shared/messages/message.ts'
import { Refusal } from '../session/refusal.ts'
import { openThrottles, type SiteThrottles } from './throttles.ts'

const signal = new AbortController().signal
const SCOPE = { models: [], endpoints: [], keys: [] }
const CAP = 3_900_000
const QUESTION: CommandParsed<'throttles.preview'> = {
  tenant: 'meridian',
  mode: 'cap',
  scope: SCOPE,
  limits: { tpm: CAP, rpm: null, maxConcurrent: null },
  minutes: 30,
  throttleId: null,
}
const ASKED = { reason: 'looping agent, INC-2417', incidentId: 'INC-2417', minutes: 30, breakGlass: false }

/** What is told to the timeline of the incident, by incident. */
const told: string[] = []

function open(bench: ActionBench): SiteThrottles {
  const throttles = openThrottles({
    link: () => bench.link,
    store: bench.store,
    audit: bench.audit,
    clock: bench.clock,
    logger: createLogger({ level: 'silent' }),
    onNews: () => undefined,
    onVerdict: ({ verdict }, { incidentId }) => told.push(`${incidentId}: ${verdict}`),
    everyMs: 15,
  })
  onTestFinished(() => throttles.close())
  return throttles
}

async function start(options: Parameters<typeof startActionBench>[0] = {}) {
  const bench = await startActionBench(options)
  onTestFinished(() => bench.close())
  return { bench, throttles: open(bench) }
}

async function until<T>(what: string, look: () => T | null | undefined | false): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const found = look()
    if (found !== null && found !== undefined && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`it did not come to this: ${what}`)
}

async function lay(throttles: SiteThrottles, question = QUESTION, asked = ASKED) {
  const { previewId } = await throttles.preview(question, signal)
  return throttles.commit({ previewId, ...asked }, ON_CALL)
}

/** Time passes, and the watch has seen it. */
async function seen(bench: ActionBench, throttles: SiteThrottles, seconds: number): Promise<ThrottleSummary> {
  bench.pass(seconds)
  const since = throttles.list().at
  await until('a look', () => throttles.list().at >= since && throttles.list().active.length > 0)
  for (let i = 0; i < 3; i++) {
    throttles.hurry()
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  const [found] = [...throttles.list().active, ...throttles.list().past]
  if (found === undefined) throw new Error('there is no throttle')
  return found
}

async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const refused = await attempt.then(
    () => null,
    (error: unknown) => error,
  )
  expect(refused).toBeInstanceOf(Refusal)
  const { text, nextStep } = (refused as Refusal).failure
  return `${textOf(text)} ${textOf(nextStep)}`
}

const laidAt = async (bench: ActionBench) =>
  (await bench.link.source.throttles?.list({ tenant: 'meridian' }, signal))?.throttles ?? []

describe('a throttle', () => {
  it('is previewed, stored, reported, observed and released, all on record', async () => {
    const { bench, throttles } = await start()
    const preview = await throttles.preview(QUESTION, signal)
    expect(preview).toMatchObject({
      tenant: { id: 'meridian', name: 'The meridian' },
      base: { tpm: 6_000_000 },
      others: [],
      effectiveNow: { tpm: 6_000_000 },
      effectiveAfter: { tpm: CAP },
      current: { tokens: 4_800_000 },
      touched: { keys: ['k-app', 'k-bot'], models: ['deepseek', 'llama'] },
      secondPerson: { needed: false, abovePercent: 50, breakGlass: true },
      relief: null,
    })
    // The bucket starts full, which lets through more at first.
    expect(preview.replay?.rejectedTokensPerMin?.mid).toBeGreaterThan(600_000)
    expect(preview.replay?.rejectedTokensPerMin?.mid).toBeLessThanOrEqual(900_000)
    expect(preview.lacks.map((each) => textOf(each)).join(' ')).toMatch(
      /batch.*written.*10 s.*ends by itself/,
    )
    const outcome = await throttles.commit({ previewId: preview.previewId, ...ASKED }, ON_CALL)
    expect(outcome.outcome).toBe('stored')

    const applying = await until('it is listed', () => throttles.list().active[0])
    expect(applying).toMatchObject({ verdict: 'applying', by: { name: 'M. Ortiz', ours: true } })
    const reported = await seen(bench, throttles, 40)
    expect(reported).toMatchObject({ verdict: 'reported', facts: { reported: { inForce: 3, of: 3 } } })
    const enforced = await seen(bench, throttles, 60)
    expect(enforced.verdict).toBe('enforced')
    expect(enforced.facts.observed).toMatchObject({ state: 'observed', rate: { tokens: CAP } })
    expect(enforced.nextStep).toBeNull()
    const detail = throttles.detail(enforced.id)
    expect(detail?.series.times.length).toBeGreaterThan(90)
    expect(detail?.prediction?.tokensPerMin?.mid).toBeGreaterThan(CAP * 0.9)

    await throttles.release({ id: enforced.id, version: enforced.version, reason: 'it is over' }, ON_CALL)
    const released = await until('it is over', () => throttles.list().past[0])
    expect(released).toMatchObject({ verdict: 'released', endedAt: bench.clock.now() })
    const actions = bench.audited.map(({ action }) => action)
    expect(actions.slice(0, 3)).toEqual(['throttle.intent', 'throttle.call', 'throttle.answer'])
    expect(actions).toEqual(
      expect.arrayContaining([
        'throttle.applying',
        'throttle.reported',
        'throttle.enforced',
        'throttle.released',
      ]),
    )
    expect(actions.filter((each) => each === 'throttle.enforced')).toHaveLength(1)
    expect(told).toEqual(
      expect.arrayContaining(['INC-2417: reported', 'INC-2417: enforced', 'INC-2417: released']),
    )
    expect(bench.audited[0]).toMatchObject({
      actor: { name: 'M. Ortiz' },
      target: 'tenant/meridian',
      reason: ASKED.reason,
      incidentId: 'INC-2417',
    })
  })

  it('is extended and tightened', async () => {
    const { bench, throttles } = await start()
    await lay(throttles)
    const laid = await seen(bench, throttles, 40)
    const about = { id: laid.id, version: laid.version, reason: 'not yet' }
    await throttles.extend({ ...about, minutes: 15 }, ON_CALL)
    const longer = await until('it ends later', () =>
      throttles.list().active.find(({ version }) => version === 2),
    )
    expect(longer.expiresAt - laid.expiresAt).toBe(15 * 60_000)
    expect(await refusalOf(throttles.extend({ ...about, version: 2, minutes: 500 }, ON_CALL))).toMatch(
      /at most 480 min/,
    )
    const { previewId } = await throttles.preview(
      { ...QUESTION, throttleId: laid.id, limits: { tpm: 3_000_000, rpm: null, maxConcurrent: null } },
      signal,
    )
    await throttles.tighten({ previewId, ...about, version: 2, breakGlass: false }, ON_CALL)
    const tighter = await until('it is tighter', () =>
      throttles.list().active.find(({ limits }) => limits.tpm === 3_000_000),
    )
    expect(tighter.verdict).toBe('applying')
    expect((await seen(bench, throttles, 120)).facts.observed.rate?.tokens).toBe(3_000_000)
  })

  it('above present demand is in force and untested', async () => {
    const { bench, throttles } = await start()
    await lay(throttles, { ...QUESTION, limits: { ...QUESTION.limits, tpm: 5_500_000 } })
    expect((await seen(bench, throttles, 120)).verdict).toBe('untested')
  })

  it('that gateways report and do not enforce ends as failed, with what to do', async () => {
    const { bench, throttles } = await start()
    bench.traffic.disobeys = true
    await lay(throttles)
    const early = await seen(bench, throttles, 120)
    expect(early.verdict).toBe('reported')
    const failed = await seen(bench, throttles, 240)
    expect(failed.verdict).toBe('disobeyed')
    expect(textOf(failed.headline)).toMatch(/4,800,000/)
    expect(failed.nextStep).not.toBeNull()
  })

  it('is not yet observable while the metering lags, and not while it is partial', async () => {
    const { bench, throttles } = await start()
    bench.traffic.lagMs = 400_000
    await lay(throttles)
    const lagging = await seen(bench, throttles, 150)
    expect(lagging).toMatchObject({ verdict: 'reported', facts: { observed: { state: 'lagging' } } })
    bench.traffic.lagMs = 0
    bench.traffic.missing = ['gw-south has not reported']
    const partial = await seen(bench, throttles, 10)
    expect(partial).toMatchObject({ verdict: 'reported', facts: { observed: { state: 'unmeasured' } } })
    bench.traffic.missing = []
    expect((await seen(bench, throttles, 10)).verdict).toBe('enforced')
    // What was observed stays a fact.
    bench.traffic.missing = ['gw-south has not reported']
    expect((await seen(bench, throttles, 10)).verdict).toBe('enforced')
  })

  it('expires at the server, and is shown so', async () => {
    const { bench, throttles } = await start()
    await lay(throttles)
    await seen(bench, throttles, 40)
    bench.pass(1_800)
    const expired = await until('it expired', () => throttles.list().past[0])
    expect(expired.verdict).toBe('expired')
    expect(
      await refusalOf(throttles.release({ id: expired.id, version: expired.version, reason: 'r' }, ON_CALL)),
    ).toMatch(/expired already/)
  })

  it('of others is shown, too, and can be released', async () => {
    const { bench, throttles } = await start()
    const control = bench.link.source.throttles
    const limits = await control?.limits('meridian', signal)
    const body = { tenantId: 'meridian', scope: SCOPE, mode: 'cap' as const, limits: QUESTION.limits }
    const preview = await control?.preview(body, signal)
    await control?.create(
      {
        ...body,
        reason: 'by script',
        expiresAt: new Date(bench.test.now() + 600_000).toISOString(),
        previewToken: preview?.previewToken ?? '',
      },
      { idempotencyKey: 'of a script', ifMatch: limits?.etag ?? '' },
      signal,
    )
    bench.pass(20)
    const other = await until('it is listed', () => throttles.list().active[0])
    expect(other).toMatchObject({ by: { name: 'on-call', ours: false }, reason: 'by script' })
    await throttles.release({ id: other.id, version: other.version, reason: 'wrong tenant' }, ON_CALL)
    expect((await until('it is over', () => throttles.list().past[0])).verdict).toBe('released')
  })
})

describe('what is refused before anything is sent', () => {
  it('a preview that no longer holds, and what is different', async () => {
    const { bench, throttles } = await start()
    const stale = async (change: () => unknown) => {
      const { previewId } = await throttles.preview(QUESTION, signal)
      await change()
      return refusalOf(throttles.commit({ previewId, ...ASKED }, ON_CALL))
    }
    expect(await stale(() => bench.pass(31))).toMatch(/31 s old.*Nothing was sent/)
    expect(await stale(() => lay(throttles))).toMatch(/other throttles of this tenant changed/)
    bench.traffic.demandPerMin = 1_000_000
    expect(await stale(() => bench.pass(30))).toMatch(/rate went from/)
    expect(await laidAt(bench)).toHaveLength(1)
  })

  it('a preview that was used, or never made', async () => {
    const { throttles } = await start()
    const { previewId } = await throttles.preview(QUESTION, signal)
    await throttles.commit({ previewId, ...ASKED }, ON_CALL)
    expect(await refusalOf(throttles.commit({ previewId, ...ASKED }, ON_CALL))).toMatch(/no such preview/)
  })

  it('a cut that needs a second person, unless the glass is broken on record', async () => {
    const { bench, throttles } = await start()
    const deep = { ...QUESTION, limits: { ...QUESTION.limits, tpm: 600_000 } }
    expect(await refusalOf(lay(throttles, deep))).toMatch(/second person.*not possible here yet/)
    expect(await laidAt(bench)).toEqual([])
    await lay(throttles, deep, { ...ASKED, breakGlass: true })
    expect(await laidAt(bench)).toMatchObject([{ breakGlass: { reason: ASKED.reason } }])
  })

  it('what lasts longer than the metering takes', async () => {
    const { throttles } = await start()
    expect(await refusalOf(lay(throttles, QUESTION, { ...ASKED, minutes: 481 }))).toMatch(/at most 480 min/)
  })

  it('what cannot be recorded: a full disk, or no store', async () => {
    const { bench, throttles } = await start()
    await until('it was read', () => throttles.list().lacks === null)
    const write = bench.store.write.bind(bench.store)
    bench.store.write = () => {
      throw new StoreFailure('full', message('store.full', { path: '/x' }))
    }
    expect(await refusalOf(lay(throttles))).toMatch(/could not be recorded, so nothing was sent/)
    expect(await laidAt(bench)).toEqual([])
    bench.store.write = write
    expect((await lay(throttles)).outcome).toBe('stored')
  })

  it('the change of a throttle that someone else changed', async () => {
    const { bench, throttles } = await start()
    await lay(throttles)
    const { id } = await seen(bench, throttles, 40)
    await throttles.extend({ id, version: 1, reason: 'r', minutes: 5 }, ON_CALL)
    expect(await refusalOf(throttles.release({ id, version: 1, reason: 'r' }, ON_CALL))).toMatch(
      /Someone changed/,
    )
  })
})

describe('a call without a good answer', () => {
  const failing = (problem: ThrottleProblem, unchanged: boolean) =>
    new ThrottleFailure(problem, unchanged, new SourceFailure({ code: 'x', text: 'words', nextStep: 'next' }))

  it('that was done all the same is found, and not sent again', async () => {
    const { bench, throttles } = await start()
    const own = bench.link.source.throttles
    let sent = 0
    const create = own?.create.bind(own)
    bench.mischief.create = async (...asked) => {
      sent += 1
      delete bench.mischief.create
      await create?.(...asked)
      throw failing('noAnswer', false)
    }
    const outcome = await lay(throttles)
    expect(outcome).toMatchObject({ outcome: 'unknown', throttleId: null })
    const found = await until('it is found', () => throttles.list().active.find(({ by }) => by.ours))
    expect(found.pending).toBeNull()
    expect(throttles.list().intents).toEqual([])
    expect([sent, (await laidAt(bench)).length]).toEqual([1, 1])
    expect(bench.audited.map(({ action }) => action)).toContain('throttle.found')
  })

  it('that was not done is given up only after it was looked for long enough, and is shown until then', async () => {
    const { bench, throttles } = await start()
    bench.mischief.create = async () => {
      throw failing('noAnswer', false)
    }
    await lay(throttles)
    const [pending] = throttles.list().intents
    expect(pending).toMatchObject({ open: true, act: 'create', by: 'M. Ortiz' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(throttles.list().intents[0]?.open).toBe(true)
    bench.pass(70)
    throttles.hurry()
    const given = await until('it is given up', () => throttles.list().intents.find((each) => !each.open))
    expect(textOf(given.text)).toMatch(/not applied/)
    expect(await laidAt(bench)).toEqual([])
  })

  it('that arrives after it was given up is taken up again', async () => {
    const { bench, throttles } = await start()
    const own = bench.link.source.throttles
    const create = own?.create.bind(own)
    let late: (() => Promise<unknown>) | null = null
    bench.mischief.create = async (...asked) => {
      delete bench.mischief.create
      late = async () => create?.(...asked)
      throw failing('noAnswer', false)
    }
    await lay(throttles)
    bench.pass(70)
    throttles.hurry()
    await until('it is given up', () => throttles.list().intents.find((each) => !each.open))
    await until('it can come', () => late)
    await (late as unknown as () => Promise<unknown>)()
    throttles.hurry()
    const found = await until('it is ours', () => throttles.list().active.find(({ by }) => by.ours))
    expect(found.reason).toBe(ASKED.reason)
  })

  it.each(['release', 'extend'] as const)('of a %s that was done is found by its throttle', async (act) => {
    const { bench, throttles } = await start()
    await lay(throttles)
    const { id, version } = await seen(bench, throttles, 40)
    const own = bench.link.source.throttles
    const real = own?.[act].bind(own) as ((...asked: unknown[]) => Promise<unknown>) | undefined
    bench.mischief[act] = async (...asked: unknown[]) => {
      delete bench.mischief[act]
      await real?.(...asked)
      throw failing('unreadable', false)
    }
    const outcome = await (act === 'release'
      ? throttles.release({ id, version, reason: 'r' }, ON_CALL)
      : throttles.extend({ id, version, reason: 'r', minutes: 5 }, ON_CALL))
    expect(outcome.outcome).toBe('unknown')
    await until('it is found', () => bench.audited.some(({ action }) => action === 'throttle.found'))
    expect(throttles.list().intents).toEqual([])
  })

  it.each<[ThrottleProblem, RegExp]>([
    ['unauthorised', /token/],
    ['forbidden', /may not/],
    ['notFound', /knows no such/],
    ['keyReused', /key of this request/],
    ['stale', /changed between/],
    ['aboveBase', /only lowers/],
    ['preconditionMissing', /condition/],
    ['rateLimited', /too often/],
    ['unavailable', /not available/],
  ])('%s is said in plain words, and nothing stays open', async (problem, words) => {
    const { bench, throttles } = await start()
    bench.mischief.create = async () => {
      throw failing(problem, true)
    }
    expect(await refusalOf(lay(throttles))).toMatch(words)
    expect(throttles.list().intents.map(({ open: isOpen }) => isOpen)).toEqual([false])
    expect(bench.audited.map(({ action }) => action)).toEqual([
      'throttle.intent',
      'throttle.call',
      'throttle.refusal',
    ])
  })

  it('is remembered while the disk takes nothing, and written when it does', async () => {
    const { bench, throttles } = await start()
    await until('it was read', () => throttles.list().lacks === null)
    const own = bench.link.source.throttles
    const create = own?.create.bind(own)
    const write = bench.store.write.bind(bench.store)
    bench.mischief.create = async (...asked) => {
      bench.store.write = () => {
        throw new StoreFailure('full', message('store.full', { path: '/x' }))
      }
      if (create === undefined) throw new Error('expected throttles')
      return create(...asked)
    }
    expect((await lay(throttles)).outcome).toBe('stored')
    await until('it is listed', () => throttles.list().active.find(({ by }) => by.ours))
    bench.store.write = write
    await until('it is written', () => bench.audited.some(({ action }) => action === 'throttle.answer'))
  })
})

describe('two consoles at once', () => {
  it('lay one throttle, and the other is told what changed', async () => {
    const { bench, throttles } = await start()
    const previews = await Promise.all([
      throttles.preview(QUESTION, signal),
      throttles.preview(QUESTION, signal),
    ])
    const outcomes = await Promise.allSettled(
      previews.map(({ previewId }) => throttles.commit({ previewId, ...ASKED }, ON_CALL)),
    )
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await laidAt(bench)).toHaveLength(1)
  })
})

describe('a clock that is an hour wrong', () => {
  it.each([-3_600_000, 3_600_000])('by %i ms changes neither the end nor the proof', async (clockOffMs) => {
    const { bench, throttles } = await start({ clockOffMs })
    await lay(throttles)
    const [laid] = await laidAt(bench)
    expect(Math.abs(Date.parse(laid?.expiresAt ?? '') - bench.test.now() - 1_800_000)).toBeLessThan(2_000)
    const enforced = await seen(bench, throttles, 120)
    expect(enforced.verdict).toBe('enforced')
    expect(Math.abs(enforced.expiresAt - bench.clock.now() - 1_680_000)).toBeLessThan(3_000)
  })
})

describe('a restart', () => {
  it('shows what an earlier engine decided, and finds out what became of it', async () => {
    const { bench, throttles } = await start()
    const own = bench.link.source.throttles
    const create = own?.create.bind(own)
    let arrived = false
    // The engine dies while it waits: the answer never comes.
    bench.mischief.create = async (...asked) => {
      await create?.(...asked)
      arrived = true
      return new Promise(() => undefined)
    }
    void lay(throttles)
    await until('it was sent', () => arrived)
    delete bench.mischief.create
    const next = open(bench)
    const found = await until('it is found', () => next.list().active.find(({ by }) => by.ours))
    expect(found.by.name).toBe('M. Ortiz')
    expect(next.detail(found.id)?.prediction).not.toBeNull()
    expect(await laidAt(bench)).toHaveLength(1)
  })
})
