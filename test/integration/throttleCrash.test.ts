import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ActionBench, startActionBench } from '../../main/actions/testing/bench.ts'
import { createAudit } from '../../main/audit/auditBook.ts'
import { TOKEN } from '../../main/demo/metering/testing/api.ts'
import { openThrottles } from '../../main/engine/throttles/throttles.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { openStore } from '../../main/store/index.ts'
import { type Middleman, type Passing, startMiddleman } from '../support/throttles/middleman.ts'

/** Of each step; `npm run test:long` asks for 50. */
const TIMES = Number(process.env['FLOORWATCH_CRASHES'] ?? 2)
const CHILD = join(import.meta.dirname, '../support/throttles/engineChild.ts')
const logger = createLogger({ level: 'silent' })
const signal = new AbortController().signal

let bench: ActionBench
let middleman: Middleman
beforeAll(async () => {
  bench = await startActionBench()
  middleman = await startMiddleman(bench.test.server.url)
})
afterAll(async () => {
  await middleman.close()
  await bench.close()
})

/** Where the engine dies; `kill` is called once, at that moment or some ms later. */
type Step = (passing: Passing, count: { limits: number }, kill: (afterMs?: number) => void) => Promise<void>

const isCreate = ({ method, path }: Passing) => method === 'POST' && path === '/v1/throttles'
const pass = async (passing: Passing) => {
  await passing.forward()
  passing.answer()
}
const random = (most: number) => Math.random() * most

const STEPS: Readonly<Record<string, Step>> = {
  async 'around the intent, before anything is sent'(passing, count, kill) {
    await pass(passing)
    // The second look at the limits is the last thing before the intent.
    if (passing.path.endsWith('/limits') && ++count.limits === 2) kill(random(12))
  },
  async 'while it sends, and the request is lost'(passing, _, kill) {
    if (!isCreate(passing)) return pass(passing)
    kill()
    return undefined
  },
  async 'while it sends, and the request is carried out'(passing, _, kill) {
    if (!isCreate(passing)) return pass(passing)
    kill()
    await passing.forward()
    return undefined
  },
  async 'after it was carried out, before the answer'(passing, _, kill) {
    if (!isCreate(passing)) return pass(passing)
    await passing.forward()
    kill()
    return undefined
  },
  async 'around the answer'(passing, _, kill) {
    await pass(passing)
    if (isCreate(passing)) kill(random(12))
  },
  async 'while it verifies'(passing, _, kill) {
    await pass(passing)
    if (isCreate(passing)) kill(30 + random(300))
  },
}

async function dieAt(step: Step, folder: string): Promise<void> {
  const args = [CHILD, folder, middleman.url, TOKEN, String(bench.test.now())]
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(child, 'exit')
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  let killed = false
  const kill = (afterMs = 0): void => {
    if (killed) return
    killed = true
    if (afterMs === 0) child.kill('SIGKILL')
    else setTimeout(() => child.kill('SIGKILL'), afterMs)
  }
  const count = { limits: 0 }
  middleman.on = (passing) => step(passing, count, kill)
  const deadline = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await ended
  clearTimeout(deadline)
  middleman.on = null
  expect(killed ? '' : `it was never killed: ${errors}`).toBe('')
}

/** Another engine finds what the first one left. */
async function recovered(folder: string) {
  const { clock } = bench
  const store = openStore({ folder, clock, logger })
  const audit = createAudit({ store: () => store, clock })
  const throttles = openThrottles({
    link: () => bench.link,
    store,
    audit,
    clock,
    logger,
    onNews: () => undefined,
    everyMs: 10,
  })
  try {
    for (let i = 0; i < 600; i++) {
      const { intents, lacks, active } = throttles.list()
      const isOpen = intents.some((each) => each.open) || active.some((each) => each.pending !== null)
      if (lacks === null && i > 10 && !isOpen) break
      // Long enough for what was never carried out to be given up.
      if (i === 60) bench.pass(70)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const rows = store
      .database()
      ?.prepare('SELECT step, throttle_id AS throttle FROM throttle_intents')
      .all() as { step: string; throttle: string | null }[]
    const audited = store.database()?.prepare('SELECT count(*) FROM audit').pluck().get() as number
    const integrity = store.database()?.pragma('integrity_check', { simple: true })
    return { list: throttles.list(), rows, audited, integrity }
  } finally {
    await throttles.close()
    store.close()
  }
}

describe.each(Object.keys(STEPS))('an engine that is killed %s', (name) => {
  it.each(Array.from({ length: TIMES }, (_, i) => i + 1))(
    'lays at most one throttle, and forgets none (%i)',
    async () => {
      const folder = join(mkdtempSync(join(tmpdir(), 'floorwatch-crash-')), 'site')
      const control = bench.link.source.throttles
      const listed = async () =>
        ((await control?.list({ tenant: 'meridian' }, signal))?.throttles ?? []).filter(
          ({ state }) => state !== 'released' && state !== 'expired',
        )
      try {
        await dieAt(STEPS[name] ?? pass, folder)
        const laid = await listed()
        expect(laid.length).toBeLessThanOrEqual(1)
        const { list, rows, audited, integrity } = await recovered(folder)
        expect(integrity).toBe('ok')
        expect(await listed()).toHaveLength(laid.length)
        expect(list.intents.filter((each) => each.open)).toEqual([])
        expect(rows.length).toBeLessThanOrEqual(1)
        expect(audited).toBeGreaterThanOrEqual(rows.length === 0 ? 0 : 2)
        const [throttle] = laid
        if (throttle === undefined) {
          // What was decided and not done is still told.
          for (const { step } of rows) expect(['notApplied', 'refused']).toContain(step)
          expect(list.intents).toHaveLength(rows.length)
        } else {
          expect(rows).toEqual([{ step: 'stored', throttle: throttle.id }])
          expect(list.active.find(({ id }) => id === throttle.id)?.by).toEqual({
            name: 'M. Ortiz',
            ours: true,
          })
        }
        for (const { id } of laid) {
          const { etag } = (await control?.read(id, signal)) ?? { etag: '' }
          await control?.release(id, { idempotencyKey: `end of ${id}`, ifMatch: etag }, signal)
        }
      } finally {
        rmSync(join(folder, '..'), { recursive: true, force: true })
      }
    },
  )
})
