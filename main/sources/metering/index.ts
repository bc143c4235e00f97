import { createApi } from './api.ts'
import type { MeteringConnection } from './connection.ts'
import { guarded } from './guarded.ts'
import { createLitellm } from './litellm/litellm.ts'
import { createOpenmeter } from './openmeter/openmeter.ts'
import type { MeteringSource } from './types.ts'

export type { MeteringAccess, MeteringConnection, MeteringSettings } from './connection.ts'
export { METERING_ABILITIES, AbilityMissing, StepTooFine } from './types.ts'
export type {
  LatencyQuestion,
  LatencyTable,
  MeteringAbilities,
  MeteringAbility,
  MeteringNews,
  MeteringSource,
  Range,
  UsageQuestion,
  WorkflowQuestion,
} from './types.ts'

const ADAPTERS: Readonly<Record<MeteringSource['kind'], (connection: MeteringConnection) => MeteringSource>> =
  {
    api: createApi,
    litellm: createLitellm,
    openmeter: createOpenmeter,
  }

/**
 * The configured metering back end. Asks nothing yet; `close` also closes the agent of `access`.
 * @throws SourceFailure for an address that is none
 */
export function createMeteringSource(connection: MeteringConnection): MeteringSource {
  return guarded(ADAPTERS[connection.options.kind](connection), connection.clock)
}
