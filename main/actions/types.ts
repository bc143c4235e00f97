import type { Message } from '../../shared/messages/message.ts'
import type { Person } from '../../shared/model/person.ts'
import type { LimitValues } from '../../shared/metering/tenants.ts'
import type { ThrottleScope } from '../../shared/contract/throttles.ts'
import type { IntentAct, IntentState, Wish } from '../core/throttles/index.ts'
import type { RemoteTime } from '../platform/remoteClock.ts'
import type { MeteringSource } from '../sources/metering/types.ts'

/** The back end whose throttles are watched and changed, and what is known of its tenants. */
export interface ThrottleLink {
  readonly source: Pick<MeteringSource, 'name' | 'abilities' | 'usage' | 'throttles'>
  readonly backendClock: RemoteTime
  /** As the metering calls a tenant; its id where it has no name. */
  tenantName(id: string): string
}

/** Who decides, and from where. */
export interface Decider {
  readonly person: Person
  /** "console on noc-3" */
  readonly origin: string
}

/** What the preview had said would come of it: drawn beside the outcome. */
export interface Prediction {
  readonly tokensPerMin: Spread | null
  readonly rejectedRequestsPerMin: Spread | null
  readonly burn: Spread | null
}

export interface Spread {
  readonly low: number
  readonly mid: number
  readonly high: number
}

/** One decided change as it is kept: everything that is needed to find out what became of it. */
export interface KeptIntent {
  /** Also its Idempotency-Key. */
  readonly id: string
  /** Wall clock of this engine, ms. */
  readonly at: number
  readonly act: IntentAct
  readonly tenant: string
  /** Null for a throttle that is to be laid. */
  readonly throttleId: string | null
  readonly scope: ThrottleScope
  readonly limits: LimitValues
  readonly wish: Wish
  /** Of the throttle, as the person saw it; 0 for one that is to be laid. */
  readonly versionBefore: number
  readonly reason: string
  readonly incidentId: string | null
  readonly decider: Decider
  readonly prediction: Prediction | null
  readonly state: IntentState
}

/** Why nothing was done, for the person who asked. */
export class ActionRefused extends Error {
  override readonly name = 'ActionRefused'
  readonly words: Message
  readonly nextStep: Message

  constructor(words: Message, nextStep: Message) {
    super(words.id)
    this.words = words
    this.nextStep = nextStep
  }
}
