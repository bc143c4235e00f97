/**
 * Every way in which the demo factory can misbehave. A host fault concerns the exporter, a GPU fault the board, a pod
 * fault an inference server, and a factory fault the metering or the traffic as a whole.
 */
export interface FaultKind {
  readonly scope: 'host' | 'gpu' | 'pod' | 'factory'
  /** On when nothing else is said. */
  readonly on: boolean
  readonly text: string
}

export const FAULTS = {
  frozen: {
    scope: 'host',
    on: true,
    text: 'the exporter answers, and so does /health, with values that never change again',
  },
  hung: { scope: 'host', on: false, text: 'the exporter accepts connections and requests and never answers' },
  down: { scope: 'host', on: false, text: 'nothing listens on the exporter port: connection refused' },
  renumbered: {
    scope: 'host',
    on: false,
    text: 'the host is away for 20 s and comes back with other UUIDs and counters at 0',
  },
  hostname: {
    scope: 'host',
    on: true,
    text: 'a newer exporter: the label is spelled hostname instead of Hostname',
  },
  'mig-gaps': {
    scope: 'host',
    on: true,
    text: 'MIG instances lack utilisation and memory series, some the profiling ones too',
  },
  vanished: { scope: 'gpu', on: true, text: 'the GPU is gone from the scrape without a word' },
  xid79: {
    scope: 'gpu',
    on: false,
    text: 'XID 79, fallen off the bus: reported for 30 s, then the GPU is gone',
  },
  xid48: {
    scope: 'gpu',
    on: true,
    text: 'XID 48, double-bit ECC error: work stops, the code stays until a reset',
  },
  xid94: {
    scope: 'gpu',
    on: true,
    text: 'XID 94, contained ECC error: one process ends and is back after 60 s, the code stays',
  },
  sentinels: { scope: 'gpu', on: true, text: 'blank readings are printed as huge sentinel numbers' },
  implausible: { scope: 'gpu', on: true, text: 'GPU_UTIL reads 4294967295 and SM_ACTIVE 1.294' },
  thermal: {
    scope: 'gpu',
    on: true,
    text: 'hot air at the heat sink: clock event bits, clocks and power fall',
  },
  deadlock: {
    scope: 'gpu',
    on: true,
    text: 'GPU_UTIL reads 100 % while a collective waits: power stays low',
  },
  'counter-restart': {
    scope: 'pod',
    on: true,
    text: 'the inference server restarts now and then: its counters start over at 0',
  },
  'slow-server': {
    scope: 'pod',
    on: false,
    text: 'the inference server works at a tenth of its speed, and its boards look busy',
  },
  'agent-loop': {
    scope: 'factory',
    on: false,
    text: 'one agent repeats itself and saturates its model until it is throttled or stopped',
  },
  'agent-loop-hourly': {
    scope: 'factory',
    on: true,
    text: 'the same by itself: 15 minutes after the start and every hour, for 25 minutes',
  },
  'tenant-surge': {
    scope: 'factory',
    on: false,
    text: 'a small tenant floods the chat endpoint; the largest tenant suffers most and is innocent',
  },
  'token-leak': {
    scope: 'factory',
    on: false,
    text: '1.5 % of the served tokens never reach the metering',
  },
  'metering-lag': { scope: 'factory', on: false, text: 'the metering is three minutes behind' },
  'late-events': {
    scope: 'factory',
    on: false,
    text: 'part of the usage arrives minutes late and changes totals that were complete',
  },
  'metering-down': {
    scope: 'factory',
    on: false,
    text: 'the Metering API answers everything with 503, and its event streams end',
  },
  'metering-partial': {
    scope: 'factory',
    on: false,
    text: 'one gateway does not report its usage: answers say that they are not complete',
  },
  'unknown-model': {
    scope: 'factory',
    on: false,
    text: 'usage names a model that no price list and no pod knows',
  },
} as const satisfies Record<string, FaultKind>

export type FaultName = keyof typeof FAULTS
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[]

/** Faults that concern the factory as a whole. */
export type FactoryFault = {
  [N in FaultName]: (typeof FAULTS)[N]['scope'] extends 'factory' ? N : never
}[FaultName]

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name)
}

export interface FaultSetting {
  readonly on: boolean
  /**
   * `h-0012` for a host; `h-0012/3` for its GPU 3; a host stands for all its GPUs; `meridian/chat-…` for a pod of a
   * namespace. A fault of the factory has none.
   */
  readonly targets: readonly string[]
}
export type FaultSettings = Readonly<Record<FaultName, FaultSetting>>

/** A switch was asked for that does not exist, or for a place that is not on this floor. */
export class FaultError extends Error {
  override readonly name = 'FaultError'
}
