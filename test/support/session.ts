import { vi } from 'vitest'
import { COMMANDS, STREAMS } from '../../shared/contract/contract.ts'
import { responseSchema, type Wire, type WireResponse } from '../../shared/contract/wire.ts'
import type { FleetFrame } from '../../shared/model/frame.ts'
import { EMPTY_TOPOLOGY } from '../../shared/model/topology.ts'
import {
  bindCommand,
  bindFrameStream,
  bindStream,
  type BoundCommand,
  type BoundStream,
  type Channels,
  type Role,
} from '../../main/engine/session/bind.ts'
import { OWN_WINDOW } from '../../main/engine/session/desk.ts'
import type { Desk } from '../../main/engine/session/desk.ts'
import { Refusal } from '../../main/engine/session/refusal.ts'
import { type RolePlaces, SESSION_LIMITS, type SessionLimits } from '../../main/engine/session/limits.ts'
import { Session } from '../../main/engine/session/session.ts'
import { Topics } from '../../main/engine/session/topic.ts'
import { said } from '../../shared/messages/message.ts'
import { type Plainly, plainly } from './plainly.ts'

const trend = { times: [], activity: [], powerWatts: [], present: [], hottestCelsius: [] }

function frame(sequence: number): FleetFrame {
  return {
    sequence,
    at: 1,
    topologyVersion: 1,
    rows: 1,
    state: Uint8Array.of(1),
    severity: Uint8Array.of(0),
    presence: Uint8Array.of(1),
    conditions: Uint16Array.of(0),
    ageMs: Uint32Array.of(5),
    fields: [],
    values: [],
    states: [],
  }
}

/** Channels of the contract that no test here opens. */
const NO_COMMAND: BoundCommand = { access: 'act', run: () => fail() }
const NO_STREAM: BoundStream = { open: () => fail() }
const each = <N extends string, T>(names: Readonly<Record<N, unknown>>, value: T) =>
  Object.fromEntries(Object.keys(names).map((name) => [name, value])) as Record<N, T>

const OWNER_DESK: Desk = {
  origin: OWN_WINDOW,
  person: () => ({ id: 'owner', name: 'Owner', role: 'administrator' }),
}

/** A session over a wire whose far end is an array. */
export function start(
  role: Role = 'console',
  limits: Partial<SessionLimits> = {},
  places?: RolePlaces,
  desk: Desk = OWNER_DESK,
) {
  const sent: (Plainly<WireResponse> | ArrayBuffer)[] = []
  /** The same as they travel, messages not put into words. */
  const wired: string[] = []
  let listener: (message: string | ArrayBuffer) => void = fail
  let hangUp: (reason: string) => void = fail
  const close = vi.fn<() => void>()
  const wire: Wire = {
    send: (message) => {
      if (typeof message === 'string') wired.push(message)
      sent.push(typeof message === 'string' ? plainly(responseSchema.parse(JSON.parse(message))) : message)
    },
    onMessage: (next) => (listener = next),
    onClose: (next) => (hangUp = next),
    close,
  }
  const state = { now: 0, sequence: 1, reads: 0, topology: { ...EMPTY_TOPOLOGY, version: 1 } as unknown }
  const gates: (() => void)[] = []
  const signals: AbortSignal[] = []
  const wanted = vi.fn<() => void>()
  const defects: unknown[] = []
  const channels: Channels = {
    commands: {
      ...each(COMMANDS, NO_COMMAND),
      'fleet.trend': bindCommand(COMMANDS['fleet.trend'], async (_, { signal }) => {
        signals.push(signal)
        await new Promise<void>((resolve) => gates.push(resolve))
        return trend
      }),
      'fleet.history': bindCommand(COMMANDS['fleet.history'], async () => ({
        origin: 'memory' as const,
        stepMs: Number.NaN,
        times: [],
        series: [],
        warnings: [],
        doubts: [],
        cadenceMs: null,
      })),
      'setup.test': bindCommand(COMMANDS['setup.test'], async () => {
        throw new Error('secret detail: /etc/token')
      }),
      'setup.save': bindCommand(COMMANDS['setup.save'], async () => {
        throw new Refusal('failed', said('The file exists.'), said('Choose another name.'))
      }),
      'tokens.latency': bindCommand(COMMANDS['tokens.latency'], async () => {
        throw new Refusal(
          'failed',
          said('cannot read /srv/my/token of prom:9090'),
          said('Check /srv/my/token.'),
        )
      }),
      'setup.demo': bindCommand(COMMANDS['setup.demo'], async () => ({})),
    },
    streams: {
      ...each(STREAMS, NO_STREAM),
      'console.status': bindStream(STREAMS['console.status'], 'all', { everyMs: 0, read: () => fail() }),
      'sources.health': bindStream(STREAMS['sources.health'], 'all', { everyMs: 0, read: () => fail() }),
      'fleet.findings': bindStream(STREAMS['fleet.findings'], 'all', { everyMs: 0, read: () => fail() }),
      'fleet.topology': bindStream(STREAMS['fleet.topology'], 'all', {
        everyMs: 0,
        read: () => {
          state.reads += 1
          return STREAMS['fleet.topology'].item.parse(state.topology)
        },
        fingerprint: (topology) => topology.version,
      }),
      'fleet.frame': bindFrameStream(STREAMS['fleet.frame'], {
        everyMs: 0,
        read: () => {
          state.reads += 1
          return frame(state.sequence)
        },
      }),
      'fleet.gpu': bindStream(STREAMS['fleet.gpu'], 'all', { everyMs: 0, read: () => null }),
      'fleet.host': bindStream(STREAMS['fleet.host'], 'all', { everyMs: 0, read: () => null }),
    },
  }
  const topics = new Topics(wanted)
  const ended: string[] = []
  const session = new Session({
    wire,
    role,
    desk,
    version: '0.1.0',
    channels,
    topics,
    limits: { ...SESSION_LIMITS[role], ...limits },
    ...(places === undefined ? {} : { places }),
    monotonic: () => state.now,
    onDefect: (_, error) => defects.push(error),
    onEnd: (reason) => ended.push(reason),
  })
  session.start()
  return {
    session,
    sent,
    wired,
    wire,
    close,
    topics,
    state,
    gates,
    signals,
    wanted,
    defects,
    ended,
    say: (message: unknown) => listener(typeof message === 'string' ? message : JSON.stringify(message)),
    sayBytes: (bytes: ArrayBuffer) => listener(bytes),
    hangUp: () => hangUp('the screen went away'),
    frames: () => sent.filter((each) => each instanceof ArrayBuffer),
    last: () => sent.at(-1),
  }
}

export function fail(): never {
  throw new Error('this reader is broken')
}

export const settle = () => new Promise((resolve) => setImmediate(resolve))
