import type { ExporterOptions, InferenceOptions } from '../../config/types.ts'
import { readScopeEntry, secretScope, type SecretScope } from '../../platform/secretScope.ts'

/**
 * Where the secrets of a section with lists of targets go: to the addresses that stand in the configuration, and to those
 * of `secretFor`. A list names addresses, and says nothing about who may have a secret.
 */
export function secretScopeOf({
  static: fixed,
  http,
  secretFor,
}: Pick<ExporterOptions | InferenceOptions, 'static' | 'http' | 'secretFor'>): SecretScope {
  const addresses = fixed.map((target) => (target.includes('://') ? target : `http://${target}`))
  return secretScope([...addresses, ...http], secretFor.map(readScopeEntry))
}
