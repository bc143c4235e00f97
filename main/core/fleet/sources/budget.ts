/**
 * How much a source may teach the floor: new hosts, GPUs, MIG instances, pods and models, at once, per minute and in
 * all. A source that goes beyond is quarantined: what is known of it goes on, nothing new is learnt from it, until it
 * has named the same things for a while or nothing new at all. Real machines keep their names; a source that invents
 * them does not. Pure: times come in as arguments, wall clock in ms; a clock that is set back costs a refill at most.
 */
export const BUDGETED = ['hosts', 'gpus', 'instances', 'pods', 'models'] as const
export type Budgeted = (typeof BUDGETED)[number]
export type Amounts = Readonly<Record<Budgeted, number>>

/** Of what an exporter says of its own machine, or of what a Prometheus says of a whole floor. */
export type Scope = 'machine' | 'floor'

export interface Allowance {
  /** At once, after a quiet time: the first answers must pass. */
  readonly burst: number
  readonly perMinute: number
  /** Known at the same time. */
  readonly inAll: number
}

/**
 * A machine carries 20 boards at most and one name, but an exporter may stand for a few of them. A floor may have
 * 100,000 GPUs, which the first answers of its Prometheus bring all at once.
 */
export const ALLOWANCES: Readonly<Record<Scope, Readonly<Record<Budgeted, Allowance>>>> = {
  machine: {
    hosts: { burst: 16, perMinute: 1, inAll: 32 },
    gpus: { burst: 160, perMinute: 16, inAll: 512 },
    instances: { burst: 512, perMinute: 128, inAll: 1024 },
    pods: { burst: 1024, perMinute: 512, inAll: Number.POSITIVE_INFINITY },
    models: { burst: 16, perMinute: 1, inAll: 32 },
  },
  floor: {
    hosts: { burst: 32_768, perMinute: 1024, inAll: 32_768 },
    gpus: { burst: 131_072, perMinute: 8192, inAll: 131_072 },
    instances: { burst: 131_072, perMinute: 16_384, inAll: 131_072 },
    pods: { burst: 262_144, perMinute: 65_536, inAll: Number.POSITIVE_INFINITY },
    models: { burst: 128, perMinute: 8, inAll: 192 },
  },
}

/** How long the same new names have to stand, or none, until a source is believed again, ms. */
export const PROBATION_MS = 120_000
/** Answers whose names are remembered while a source is in quarantine; more of them are never the same ones. */
const MOST_REMEMBERED = 65_536

export interface Quarantine {
  readonly since: number
  /** What was beyond its allowance, how much the answer brought of it, and the limit that it broke. */
  readonly kind: Budgeted
  readonly brought: number
  /** It brought more than was counted. */
  readonly orMore: boolean
  readonly limit: number
  /** The limit is the one for all that is known at once, not the one for what is new. */
  readonly inAll: boolean
}

/** What one answer would teach. */
export interface Demand {
  readonly amounts: Amounts
  /** Equal for equal new names, in any order. */
  readonly names: number
  /** The answer holds more, which was not counted. */
  readonly orMore: boolean
}

export interface SourceBudget {
  readonly name: string
  readonly scope: Scope
  /** What the floor knows from this source now; whoever adds or forgets a unit keeps count here. */
  readonly held: Record<Budgeted, number>
  /**
   * Whether what the answer brings may be learnt.
   * @param part which of the source's answers it is, where it has several
   */
  admit(part: string, demand: Demand, at: number): boolean
  /** Why nothing new is learnt from it at `now`; null: it is believed. */
  quarantine(now: number): Quarantine | null
  /** Nothing on the floor is from it, and it was never in quarantine. */
  isIdle(): boolean
  /** End of its latest quarantine, ms: the present while it lasts, -Infinity without any. */
  troubledUntil(now: number): number
}

export function createBudget(name: string, scope: Scope): SourceBudget {
  const allowances = ALLOWANCES[scope]
  const held = amountsOf(() => 0)
  const tokens = amountsOf((kind) => allowances[kind].burst)
  /** Names that each part of the source was refused last. */
  const refused = new Map<string, number>()
  let refilledAt = Number.NaN
  let quarantine: Quarantine | null = null
  /** When it last named something that it had not named before. */
  let strangeAt = Number.NEGATIVE_INFINITY
  let refusedAt = Number.NEGATIVE_INFINITY
  let endedAt = Number.NEGATIVE_INFINITY

  function refill(at: number): void {
    const minutes = Math.max(0, at - refilledAt) / 60_000
    refilledAt = at
    if (!(minutes > 0)) return
    for (const kind of BUDGETED) {
      const { burst, perMinute } = allowances[kind]
      tokens[kind] = Math.min(burst, tokens[kind] + minutes * perMinute)
    }
  }

  function excess(
    { amounts, orMore }: Demand,
    most: (kind: Budgeted) => number,
  ): Omit<Quarantine, 'since'> | null {
    for (const kind of BUDGETED) {
      const brought = amounts[kind]
      if (brought === 0) continue
      const { burst, inAll } = allowances[kind]
      if (brought > most(kind)) return { kind, brought, orMore, limit: burst, inAll: false }
      if (held[kind] + brought > inAll) return { kind, brought, orMore, limit: inAll, inAll: true }
    }
    return null
  }

  function spend(amounts: Amounts): void {
    for (const kind of BUDGETED) tokens[kind] -= amounts[kind]
  }

  function refuse(part: string, demand: Demand, why: Omit<Quarantine, 'since'>, at: number): false {
    quarantine = { ...why, since: quarantine?.since ?? at }
    refusedAt = at
    if (refused.size < MOST_REMEMBERED || refused.has(part)) refused.set(part, demand.names)
    return false
  }

  function release(at: number): void {
    quarantine = null
    endedAt = at
    refused.clear()
    for (const kind of BUDGETED) tokens[kind] = allowances[kind].burst
  }

  function settle(now: number): void {
    // A clock that was set back starts the probation again.
    strangeAt = Math.min(strangeAt, now)
    refusedAt = Math.min(refusedAt, now)
    // What waits for a place is placed again and again, so two minutes without a refusal mean that nothing waits.
    if (quarantine !== null && now - refusedAt >= PROBATION_MS) release(now)
  }

  return {
    name,
    scope,
    held,
    admit(part, demand, at) {
      refill(at)
      const nothing = BUDGETED.every((kind) => demand.amounts[kind] === 0)
      if (nothing) refused.delete(part)
      settle(at)
      if (nothing) return quarantine === null
      if (quarantine === null) {
        const why = excess(demand, (kind) => tokens[kind])
        if (why !== null) {
          strangeAt = at
          return refuse(part, demand, why, at)
        }
        spend(demand.amounts)
        return true
      }
      if (refused.get(part) !== demand.names) strangeAt = at
      const why = excess(demand, (kind) => allowances[kind].burst)
      if (why !== null || at - strangeAt < PROBATION_MS) return refuse(part, demand, why ?? quarantine, at)
      release(at)
      spend(demand.amounts)
      return true
    },
    quarantine(now) {
      settle(now)
      return quarantine
    },
    isIdle: () =>
      quarantine === null &&
      endedAt === Number.NEGATIVE_INFINITY &&
      BUDGETED.every((kind) => held[kind] === 0),
    troubledUntil(now) {
      settle(now)
      return quarantine === null ? endedAt : now
    },
  }
}

/** The budgets of all sources, by the name of who is answerable for what is said. */
export interface Budgets {
  of(name: string, scope: Scope): SourceBudget
  /** Those in quarantine at `now`. */
  quarantined(
    now: number,
  ): { readonly name: string; readonly scope: Scope; readonly quarantine: Quarantine }[]
}

/** As many budgets are kept before the idle ones are dropped. */
const MOST_IDLE = 4096

export function createBudgets(): Budgets {
  const all = new Map<string, SourceBudget>()

  function dropIdle(): void {
    for (const [name, budget] of all) if (budget.isIdle()) all.delete(name)
  }

  return {
    of(name, scope) {
      const known = all.get(name)
      if (known) return known
      if (all.size >= MOST_IDLE) dropIdle()
      const made = createBudget(name, scope)
      all.set(name, made)
      return made
    },
    quarantined: (now) =>
      [...all.values()].flatMap((budget) => {
        const quarantine = budget.quarantine(now)
        return quarantine === null ? [] : [{ name: budget.name, scope: budget.scope, quarantine }]
      }),
  }
}

function amountsOf(of: (kind: Budgeted) => number): Record<Budgeted, number> {
  return Object.fromEntries(BUDGETED.map((kind) => [kind, of(kind)])) as Record<Budgeted, number>
}

/** Adds up what an answer would teach; every distinct name once. */
export class DemandTally {
  readonly #amounts = amountsOf(() => 0)
  readonly #seen = Object.fromEntries(BUDGETED.map((kind) => [kind, new Set()])) as Record<
    Budgeted,
    Set<string>
  >
  readonly #ofHosts = new Map<string, Set<string>>()
  readonly #orMore: boolean
  #names = 0

  /** @param orMore the answer holds more than is tallied */
  constructor(orMore = false) {
    this.#orMore = orMore
  }

  add(kind: Budgeted, name: string): void {
    if (this.#seen[kind].has(name)) return
    this.#seen[kind].add(name)
    this.#amounts[kind] += 1
    this.#names = (this.#names + hashOf(name) + BUDGETED.indexOf(kind)) >>> 0
  }

  /** How many GPUs of this host the answer has named so far, this one included. */
  ofHost(host: string, gpu: string): number {
    const named = this.#ofHosts.get(host) ?? new Set<string>()
    this.#ofHosts.set(host, named.add(gpu))
    return named.size
  }

  get demand(): Demand {
    return { amounts: this.#amounts, names: this.#names, orMore: this.#orMore }
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
