import type { Factory } from '../factory/factory.ts'
import { createRandom } from '../factory/random.ts'
import type { LedgerFaults } from '../ledger/types.ts'
import type { FactoryFault } from './catalogue.ts'
import type { Faults } from './faults.ts'

/** What the faults have to reach of the ledger. */
export interface FaultyLedger {
  readonly faults: LedgerFaults
  restart(podIndex: number): void
}

/** The faults of metering and of the inference servers, carried out. Times are simulated. */
export interface MeteringFaults {
  /** Call after every step and after the switches changed. */
  tick(): void
  /** Why the Metering API answers nothing at present, or null. */
  unavailable(): string | null
  /** What has not reported its usage, in plain words; empty where everything has. */
  missing(): readonly string[]
}

/** 1.5 %: below what anybody sees in a graph, and a fortune over a year. */
const LEAK_SHARE = 0.015
const LAG_SECONDS = 180
/** Servers that restart do so this often, s; the first time sooner. */
const RESTART_EVERY = 1200
const FIRST_RESTART = 240
/** An agent that loops by itself, s. */
const FIRST_LOOP = 15 * 60
const LOOP_EVERY = 3600
const LOOP_LASTS = 25 * 60

export function createMeteringFaults(
  factory: Pick<Factory, 'options' | 'now'>,
  faults: Pick<Faults, 'inForce' | 'restarting'>,
  ledger: FaultyLedger,
): MeteringFaults {
  const random = createRandom(factory.options.seed, 'restarts')
  /** When each restarting server does so next, by pod. */
  const due = new Map<number, number>()
  const since = new Map<FactoryFault, number>()
  const startedAt = factory.now()
  let begun = false

  function restartServers(): void {
    for (const pod of due.keys()) if (!faults.restarting().has(pod)) due.delete(pod)
    for (const pod of faults.restarting()) {
      // Whoever switches it on wants to see it; what is on from the start takes its time.
      const at = due.get(pod) ?? factory.now() + (begun ? 0 : random.gamma(FIRST_RESTART, 0.5) * 1000)
      if (at > factory.now()) {
        due.set(pod, at)
        continue
      }
      ledger.restart(pod)
      due.set(pod, factory.now() + random.gamma(RESTART_EVERY, 0.6) * 1000)
    }
    begun = true
  }

  function loopsByItself(): boolean {
    const elapsed = (factory.now() - startedAt) / 1000 - FIRST_LOOP
    return faults.inForce('agent-loop-hourly') && elapsed >= 0 && elapsed % LOOP_EVERY < LOOP_LASTS
  }

  function remember(name: FactoryFault): void {
    if (!faults.inForce(name)) since.delete(name)
    else if (!since.has(name)) since.set(name, factory.now())
  }

  function tick(): void {
    ledger.faults.leak = faults.inForce('token-leak') ? { share: LEAK_SHARE, model: null } : null
    ledger.faults.lagSeconds = faults.inForce('metering-lag') ? LAG_SECONDS : 0
    ledger.faults.lateEvents = faults.inForce('late-events')
    ledger.faults.agentLoop = faults.inForce('agent-loop') || loopsByItself()
    ledger.faults.surge = faults.inForce('tenant-surge')
    ledger.faults.unknownModel = faults.inForce('unknown-model')
    remember('metering-partial')
    restartServers()
  }

  tick()
  return {
    tick,
    unavailable: () =>
      faults.inForce('metering-down') ? 'The metering database is not reachable from the API.' : null,
    missing() {
      const at = since.get('metering-partial')
      if (at === undefined) return []
      return [`The gateway gw-south has not reported since ${new Date(at).toISOString()}.`]
    },
  }
}
