import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { plural } from '../../../../shared/model/phrases.ts'
import { type Authorise, noAuth } from '../../../platform/auth.ts'
import type { SecretScope } from '../../../platform/secretScope.ts'
import type { ScrapeTarget, TargetKind } from './target.ts'

/** The secret of one section of the configuration. */
export interface SectionSecret {
  readonly authorise?: Authorise
  /** Where the secrets of `authorise` go. Listed addresses outside of it are asked without, and that is told. */
  readonly secretScope?: SecretScope
}

const MOST_NAMED = 3

/** Which targets get the secret of the section; null where it has none. */
export function secretRule({
  authorise,
  secretScope,
}: SectionSecret): ((target: ScrapeTarget) => boolean) | null {
  if (authorise === undefined || authorise === noAuth) return null
  return ({ url }) => secretScope?.covers(url) ?? true
}

/** A list that brings addresses that have not been confirmed: their 401 has a cause that stands in no answer of theirs. */
export function withoutSecret(
  targets: readonly ScrapeTarget[],
  getsSecret: (target: ScrapeTarget) => boolean,
  { section }: TargetKind,
): SourceDoubt[] {
  const bare = targets.filter((target) => !getsSecret(target))
  if (bare.length === 0) return []
  const named = bare.slice(0, MOST_NAMED).map(({ name }) => name)
  const more = bare.length > MOST_NAMED ? ` and ${bare.length - MOST_NAMED} more` : ''
  return [
    {
      code: 'outside-secret-scope',
      severity: 'advisory',
      what: `${plural(bare.length, 'listed address', 'listed addresses')} of ${targets.length} ${bare.length === 1 ? 'is' : 'are'} asked without the secret of ${section}`,
      by: `${named.join(', ')}${more}`,
      nextStep: `Where they are yours, name them under ${section}.secretFor, such as *.gpu.example.net:9400 or 10.0.0.0/8; else find out who wrote the list.`,
    },
  ]
}
