import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../../main/config/load.ts'
import { launchDemo, type LaunchedDemo } from '../../main/demo/launch.ts'
import { createEngine, type Engine, inProcessWire, OWN_WINDOW } from '../../main/engine/index.ts'
import { type Clock, systemClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import {
  type CommandInput,
  type CommandName,
  COMMANDS,
  type StreamName,
  type StreamParams,
  STREAMS,
} from '../../shared/contract/contract.ts'
import type { Role } from '../../shared/contract/define.ts'
import { Refused, Screen } from '../support/screen.ts'

/** `acts`: for consoles alone, and logged. `whole`, `narrowed`, `refused`: what a wall gets of what a console reads. */
type Decided = 'acts' | 'whole' | 'narrowed' | 'refused'

const HOUR = 3_600_000
const range = { fromMs: Date.now() - HOUR, toMs: Date.now() }
const rows = { topologyVersion: 1, rows: [0], fields: ['power' as const], maxPoints: 10 }
const SCOPE = { models: [], endpoints: [], keys: [] }
const NO_LIMITS = { tpm: null, rpm: null, maxConcurrent: null }
const changed = { id: 'thr-1', version: 1, reason: 'r' }
const totals = { bucket: 'hour' as const, buckets: 2, groupBy: 'model' as const, filters: {} }

/**
 * Every command of the contract with a question and what was decided of it. A channel that is not listed here does not
 * compile; whoever adds one decides what walls get.
 */
const COMMANDS_DECIDED: { [N in CommandName]: { input: CommandInput<N>; decided: Decided } } = {
  'access.signIn': { input: { login: 'ana', password: 'x' }, decided: 'acts' },
  'access.redeem': { input: { login: 'ana', code: 'x', password: 'x' }, decided: 'acts' },
  'access.signOut': { input: {}, decided: 'acts' },
  'access.lock': { input: {}, decided: 'acts' },
  'access.unlock': { input: { password: 'x' }, decided: 'acts' },
  'access.resume': { input: {}, decided: 'acts' },
  'access.touch': { input: {}, decided: 'refused' },
  'access.password': { input: { current: 'x', password: 'x' }, decided: 'acts' },
  'access.accounts': { input: {}, decided: 'refused' },
  'access.add': { input: { login: 'ana', name: 'Ana', role: 'viewer' }, decided: 'acts' },
  'access.role': { input: { login: 'ana', role: 'viewer' }, decided: 'acts' },
  'access.disable': { input: { login: 'ana', disabled: true }, decided: 'acts' },
  'access.code': { input: { login: 'ana' }, decided: 'acts' },
  'audit.page': { input: { filter: {}, before: null }, decided: 'refused' },
  'audit.verify': { input: {}, decided: 'refused' },
  'audit.export': { input: {}, decided: 'acts' },
  'setup.test': { input: { kind: 'exporter', url: 'http://127.0.0.1:1/metrics' }, decided: 'acts' },
  'setup.save': {
    input: { site: { name: 'x', timezone: 'UTC' }, prometheus: null, exporters: ['127.0.0.1:1'] },
    decided: 'acts',
  },
  'setup.demo': { input: {}, decided: 'acts' },
  'config.apply': { input: { digest: 'none' }, decided: 'acts' },
  'fleet.dismissHost': { input: { host: 'h-0001' }, decided: 'acts' },
  'incidents.acknowledge': { input: { id: 'INC-1', reason: 'x' }, decided: 'acts' },
  'incidents.note': { input: { id: 'INC-1', text: 'x' }, decided: 'acts' },
  'incidents.assign': { input: { id: 'INC-1', to: null }, decided: 'acts' },
  'incidents.resolve': { input: { id: 'INC-1', reason: 'x' }, decided: 'acts' },
  'incidents.reopen': { input: { id: 'INC-1', reason: 'x' }, decided: 'acts' },
  'fleet.history': { input: { ...rows, ...range }, decided: 'narrowed' },
  'fleet.trend': { input: {}, decided: 'whole' },
  'tokens.history': {
    input: { ...range, maxPoints: 10, measure: 'tokens', groupBy: 'model', filters: {} },
    decided: 'narrowed',
  },
  'tokens.totals': { input: totals, decided: 'narrowed' },
  'tokens.latency': {
    input: { ...range, maxPoints: 10, kind: 'duration', filters: {} },
    decided: 'narrowed',
  },
  'slo.history': { input: { ...range, objectiveId: 'ttft-chat', maxPoints: 10 }, decided: 'narrowed' },
  'throttles.preview': {
    input: { tenant: 'meridian', mode: 'block', scope: SCOPE, limits: NO_LIMITS, minutes: 30 },
    decided: 'refused',
  },
  'throttles.commit': {
    input: { previewId: 'x', reason: 'r', incidentId: null, minutes: 30 },
    decided: 'acts',
  },
  'throttles.extend': { input: { ...changed, minutes: 5 }, decided: 'acts' },
  'throttles.tighten': { input: { ...changed, previewId: 'x' }, decided: 'acts' },
  'throttles.release': { input: changed, decided: 'acts' },
  'tokens.keys': { input: { tenant: 'meridian' }, decided: 'refused' },
  'tokens.workflows': { input: { ...range, tenant: null }, decided: 'refused' },
  'tokens.workflow': { input: { id: 'x' }, decided: 'refused' },
  'tokens.evidence': {
    input: { tenant: 'meridian', first: '2026-01-01', last: '2026-01-02', format: 'csv' },
    decided: 'refused',
  },
}

const STREAMS_DECIDED: { [N in StreamName]: { params: StreamParams<N>; decided: Decided } } = {
  'access.me': { params: {}, decided: 'refused' },
  'access.present': { params: {}, decided: 'refused' },
  'console.status': { params: {}, decided: 'narrowed' },
  'sources.health': { params: {}, decided: 'narrowed' },
  'incidents.list': { params: {}, decided: 'narrowed' },
  'incidents.incident': { params: { id: 'INC-1' }, decided: 'narrowed' },
  'fleet.topology': { params: {}, decided: 'narrowed' },
  'fleet.frame': { params: { fields: ['power'] }, decided: 'whole' },
  'fleet.findings': { params: {}, decided: 'narrowed' },
  'fleet.gpu': { params: { host: 'h-0001', slot: 0 }, decided: 'narrowed' },
  'fleet.host': { params: { host: 'h-0001' }, decided: 'narrowed' },
  'tokens.overview': { params: { filters: {}, limit: 5 }, decided: 'narrowed' },
  'tokens.yield': { params: {}, decided: 'narrowed' },
  'tokens.drift': { params: {}, decided: 'narrowed' },
  'tokens.tenants': { params: {}, decided: 'narrowed' },
  'slo.states': { params: {}, decided: 'narrowed' },
  'slo.cause': { params: { objectiveId: 'ttft-chat' }, decided: 'refused' },
  'slo.objective': { params: { objectiveId: 'ttft-chat' }, decided: 'narrowed' },
  'throttles.active': { params: {}, decided: 'refused' },
  'throttles.throttle': { params: { id: 'thr-1' }, decided: 'refused' },
  'throttles.freshness': { params: { previewId: 'x' }, decided: 'refused' },
  'tokens.sparks': { params: { tenants: ['meridian'] }, decided: 'refused' },
  'tokens.tenant': { params: { id: 'meridian' }, decided: 'refused' },
}

let demo: LaunchedDemo
let engine: Engine
let screens: Record<Role, Screen>
const log: string[] = []

beforeAll(async () => {
  demo = await launchDemo({
    entry: new URL('../../main/demo/main.ts', import.meta.url),
    args: ['--hosts', '4', '--faults', 'none'],
  })
  engine = createEngine({
    config: await loadConfig(demo.configPath),
    host: { launchDemo: () => Promise.reject(new Error('there is one already')) },
    clock: systemClock,
    logger: createLogger({
      level: 'info',
      destination: { write: (line: string) => void log.push(line) },
      clock: minuteAtEachLook(),
    }),
    version: '0.0.0-test',
    paths: { newConfig: '/nonexistent/floorwatch.yaml' },
    // The demo keeps what it has to keep in a folder of its own, which goes with it.
    state: { folder: dirname(demo.configPath), keepsDemo: false },
  })
  screens = { console: look('console'), wall: look('wall') }
})
afterAll(async () => {
  await engine.close()
  await demo.stop()
})

/** There are more acts than lines of one kind that a log writes within a minute. */
function minuteAtEachLook(): Clock {
  let monotonic = 0
  return { now: () => Date.now(), monotonic: () => (monotonic += 60_000) }
}

function look(role: Role): Screen {
  const { engineEnd, screenEnd } = inProcessWire()
  engine.attach(engineEnd, role, OWN_WINDOW)
  return new Screen(screenEnd)
}

/** `answered`, or the code of the failure; whether an answer is a good one is not the question here. */
async function ask(role: Role, name: CommandName): Promise<string> {
  try {
    await screens[role].call(name, COMMANDS_DECIDED[name].input)
    return 'answered'
  } catch (error) {
    if (error instanceof Refused) return error.failure.code
    throw error
  }
}

async function watch(role: Role, name: StreamName): Promise<{ code: string; item: unknown }> {
  const stream = screens[role].watch(name, STREAMS_DECIDED[name].params)
  try {
    return { code: 'answered', item: await stream.until('anything', () => true) }
  } catch (error) {
    if (error instanceof Refused) return { code: error.failure.code, item: null }
    throw error
  } finally {
    stream.close()
  }
}

describe('every command', () => {
  it.each(Object.keys(COMMANDS) as CommandName[])('%s gives each role what was decided', async (name) => {
    const { decided } = COMMANDS_DECIDED[name]
    const { access, walls } = COMMANDS[name]
    expect(access).toBe(decided === 'acts' ? 'act' : 'read')
    expect(typeof walls === 'string' ? walls : 'narrowed').toBe(decided === 'acts' ? 'refused' : decided)
    const forWall = await ask('wall', name)
    if (decided === 'acts' || decided === 'refused') expect(forWall).toBe('forbidden')
    else expect(forWall).not.toBe('forbidden')
    if (decided !== 'acts') expect(await ask('console', name)).not.toBe('forbidden')
  })
})

describe('every stream', () => {
  it.each(Object.keys(STREAMS) as StreamName[])('%s gives each role what was decided', async (name) => {
    const { decided } = STREAMS_DECIDED[name]
    const { walls } = STREAMS[name]
    expect(typeof walls === 'string' ? walls : 'narrowed').toBe(decided)
    const [forConsole, forWall] = [await watch('console', name), await watch('wall', name)]
    expect([forConsole.code, forWall.code]).toEqual([
      'answered',
      decided === 'refused' ? 'forbidden' : 'answered',
    ])
    const text = JSON.stringify(forWall.item)
    expect(text).not.toContain(dirname(demo.configPath))
    expect(text).not.toMatch(/https?:\/\//)
  })
})

describe('a wall', () => {
  it('may not ask what a tenant used over time, in either way of asking', async () => {
    for (const more of [{ groupBy: 'tenant' as const }, { filters: { tenant: ['meridian'] } }]) {
      const asked = screens.wall.call('tokens.totals', { ...totals, ...more })
      await expect(asked).rejects.toThrow('what tenants used over time')
      await expect(screens.console.call('tokens.totals', { ...totals, ...more })).resolves.toBeDefined()
    }
  })

  it('reads no price, and is told that this is why', async () => {
    const prices = (item: { total: { costPerGpuHour: string | null; notes: string[] } }) => item.total
    const yields = await screens.wall.watch('tokens.yield', {}).until('anything', () => true)
    expect(yields.assumptions).toBeNull()
    expect(prices(yields)).toMatchObject({
      costPerGpuHour: null,
      notes: expect.arrayContaining(['A wall shows no prices.']),
    })
    const atConsole = await screens.console.watch('tokens.yield', {}).until('anything', () => true)
    expect(atConsole.assumptions).not.toBeNull()
    expect(prices(atConsole).notes).not.toContain('A wall shows no prices.')
  })

  it('leaves a line in the log for every act that it tried', () => {
    for (const name of Object.keys(COMMANDS) as CommandName[]) {
      const lines = log.filter(
        (line) => line.includes(`"command":"${name}"`) && line.includes('"role":"wall"'),
      )
      expect([name, lines.length]).toEqual([name, COMMANDS_DECIDED[name].decided === 'acts' ? 1 : 0])
    }
  })
})
