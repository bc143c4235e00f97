import type { Authorise } from '../../platform/auth.ts'
import type { Clock } from '../../platform/clock.ts'
import type { HttpAgent } from '../../platform/http/index.ts'
import type { Logger } from '../../platform/logger.ts'

/** What is configured of a metering back end; the configuration's own options fit. */
export interface MeteringSettings {
  readonly kind: 'api' | 'litellm' | 'openmeter'
  /** Base address, http or https; for the Metering API without the /v1. */
  readonly url: string
  readonly litellm: { readonly metrics: string | null }
  readonly openmeter: {
    readonly tokens: string
    readonly requests: string | null
    readonly typeGroup: string
    readonly groups: {
      readonly tenant: string
      readonly model: string | null
      readonly endpoint: string | null
      readonly gpuType: string | null
    }
  }
}

/** How it is reached: as the engine opens every access. */
export interface MeteringAccess {
  /** Events hold one of its sockets for as long as they are followed, so it needs two or more. */
  readonly agent: HttpAgent
  /** Adds the secret headers. */
  readonly authorise: Authorise
  /** Headers that are no secret. */
  readonly headers: Readonly<Record<string, string>>
  /** Of one question with everything that belongs to it, ms. */
  readonly deadlineMs: number
}

/** Everything a metering adapter is made from. The source takes `access` over and closes its agent with itself. */
export interface MeteringConnection {
  readonly options: MeteringSettings
  readonly access: MeteringAccess
  readonly clock: Clock
  readonly logger: Logger
  /** In [0, 1), for pauses that grow; Math.random where it is not given. */
  readonly random?: () => number
}
