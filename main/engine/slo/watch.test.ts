import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { message, said } from '../../../shared/messages/message.ts'
import { defaultPairs } from '../../../shared/model/burnPairs.ts'
import { textOf } from '../../../shared/messages/format.ts'
import type { ObjectiveOptions } from '../../config/types.ts'
import { MINUTE_MS } from '../../core/slo/index.ts'
import { objective } from '../../core/slo/testing/objectives.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { createLogger } from '../../platform/logger.ts'
import { noStore, openStore, type Store } from '../../store/index.ts'
import type { MinuteAnswer, MinuteSource } from './sources/source.ts'
import type { SloWatch } from './types.ts'
import { watchObjectives } from './watch.ts'

const logger = createLogger({ level: 'silent' })
const NOW = 1_790_000_000_000 - (1_790_000_000_000 % MINUTE_MS)
const DAY_MS = 1440 * MINUTE_MS

/** A clock that is moved by hand, and a source of 100 requests a minute. */
class World {
  now = NOW
  bad = 1
  fails: SourceFailure | null = null
  /** The source tells nothing from here on. */
  until = Number.POSITIVE_INFINITY
  reachBackMs = Number.POSITIVE_INFINITY
  asked: (readonly [number, number])[] = []
  readonly clock = { now: () => this.now, monotonic: () => this.now - NOW }

  readonly source: MinuteSource = {
    reachBackMs: this.reachBackMs,
    spanMs: 12 * 60 * MINUTE_MS,
    repeatMs: 5 * MINUTE_MS,
    settleMs: 1000,
    patienceMs: 3 * MINUTE_MS,
    name: said('a source'),
    ask: async (fromMs, toMs): Promise<MinuteAnswer> => {
      if (this.fails !== null) throw this.fails
      this.asked.push([fromMs, toMs])
      const toldUntil = Math.min(toMs, this.until)
      const minutes = []
      for (let at = fromMs; at < toldUntil; at += MINUTE_MS) {
        minutes.push({ at, good: 100 - this.bad, bad: this.bad, badLeast: this.bad, known: 1 })
      }
      return { minutes, toldUntil, trouble: [] }
    },
  }

  watch(store: Store, options: ObjectiveOptions = OPTIONS): SloWatch {
    return watchObjectives({
      objectives: [options],
      sourceOf: () => this.source,
      store,
      clock: this.clock,
      logger,
      onNews: () => undefined,
      onCorrected: null,
      closeSources: null,
    })
  }

  /** Time passes in steps in which everything that is due is asked. */
  async pass(watch: SloWatch, ms: number, stepMs = 5000): Promise<void> {
    for (const end = this.now + ms; this.now < end; ) {
      this.now = Math.min(end, this.now + stepMs)
      watch.cut(this.now)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

const OPTIONS: ObjectiveOptions = {
  ...objective({ windowDays: 2, pairs: defaultPairs(0.99, 30).filter(({ longMs }) => longMs < 2 * DAY_MS) }),
  promql: null,
  rejectionsAreBad: false,
}

let folder = ''
const stores: Store[] = []
function store(world: World): Store {
  const opened = openStore({ folder, clock: world.clock, logger })
  stores.push(opened)
  return opened
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'floorwatch-slo-'))
})
afterEach(() => {
  for (const each of stores.splice(0)) each.close()
  rmSync(folder, { recursive: true })
})

describe('the objectives of a site', () => {
  it('are known at once, and their past is read from the source in turns, once', async () => {
    const world = new World()
    const watch = world.watch(store(world))
    expect(watch.states()[0]?.state).toBe('unknown')
    await world.pass(watch, 5000)
    const [first] = watch.states()
    expect(first).toMatchObject({ state: 'ok', coverage: 1 })
    expect(first?.why.map((each) => textOf(each)).join()).toContain('The past is being read from the source')
    await world.pass(watch, 10 * MINUTE_MS)
    expect(watch.objective({ objectiveId: 'api' })?.past.done).toBe(true)
    const state = watch.states()[0]
    expect(state?.knownFrom).toBe((state?.asOf ?? 0) - 2 * DAY_MS)
    expect(state?.budget?.total).toBe(2 * 1440 * 100)
    // Two days in stretches of half a day, and a question a minute for what is new.
    expect(world.asked.length).toBeLessThan(20)
    await watch.close()
  })

  it('survive a restart with their budget, and ask only for what they missed', async () => {
    const world = new World()
    const before = store(world)
    const watch = world.watch(before)
    await world.pass(watch, 10 * MINUTE_MS)
    const kept = watch.states()[0]?.budget
    await watch.close()
    before.close()

    world.now += 3 * 60 * MINUTE_MS
    world.asked = []
    const again = world.watch(store(world))
    // Of the period that ends now, all but the hours in between.
    const missed = 3 * 60 + 1
    expect(again.states()[0]?.budget?.total).toBe((kept?.total ?? 0) - missed * 100)
    await world.pass(again, 2 * MINUTE_MS)
    const state = again.states()[0]
    expect(state).toMatchObject({ coverage: 1, state: 'ok' })
    expect(state?.budget?.total).toBe(2 * 1440 * 100)
    expect(Math.min(...world.asked.map(([from]) => from))).toBeGreaterThan(NOW)
    await again.close()
  })

  it('go on without a store', async () => {
    const world = new World()
    const watch = world.watch(noStore(message('store.notKept'), world.now))
    await world.pass(watch, 10 * MINUTE_MS)
    expect(watch.states()[0]).toMatchObject({ state: 'ok', coverage: 1 })
    await watch.close()
  })

  it('start over where something else is counted, and keep what is owed apart from it', async () => {
    const world = new World()
    const opened = store(world)
    const watch = world.watch(opened)
    await world.pass(watch, 5 * MINUTE_MS)
    await watch.close()
    const stricter = world.watch(opened, { ...OPTIONS, target: 0.999 })
    expect(stricter.states()[0]?.pairs[0]?.long?.burn).toBeCloseTo(10, 6)
    const other = world.watch(opened, { ...OPTIONS, scope: { model: 'x' } })
    expect(other.states()[0]?.asOf).toBe(null)
    await Promise.all([stricter.close(), other.close()])
  })
})

describe('a source', () => {
  it('that lags is late, not bad: nothing is lost once it tells', async () => {
    const world = new World()
    const watch = world.watch(store(world))
    await world.pass(watch, MINUTE_MS)
    world.until = world.now - (world.now % MINUTE_MS)
    await world.pass(watch, 2 * MINUTE_MS)
    expect(watch.states()[0]?.state).toBe('ok')
    await world.pass(watch, 10 * MINUTE_MS)
    expect(watch.states()[0]).toMatchObject({ state: 'unknown', sli: null })
    world.until = Number.POSITIVE_INFINITY
    await world.pass(watch, MINUTE_MS)
    expect(watch.states()[0]).toMatchObject({ state: 'ok', coverage: 1 })
    await watch.close()
  })

  it('that falls silent while it burns freezes the alert, and says why', async () => {
    const world = new World()
    const watch = world.watch(store(world))
    world.bad = 60
    await world.pass(watch, 10 * MINUTE_MS)
    expect(watch.states()[0]?.state).toBe('page')
    const since = watch.states()[0]?.since
    world.fails = new SourceFailure({ code: 'timeout', text: 'a source does not answer', nextStep: '' })
    await world.pass(watch, 20 * MINUTE_MS)
    const frozen = watch.states()[0]
    expect(frozen).toMatchObject({ state: 'page', since })
    expect(frozen?.frozenSince).not.toBe(null)
    const words = frozen?.why.map((each) => textOf(each)).join(' ')
    expect(words).toContain('Frozen for')
    expect(words).toContain('The source does not answer: a source does not answer')
    world.fails = null
    world.bad = 0
    await world.pass(watch, 3 * MINUTE_MS)
    const after = watch.states()[0]
    expect(after?.frozenSince).toBe(null)
    expect(after?.pairs[0]?.firing).toBe(false)
    await watch.close()
  })
})
