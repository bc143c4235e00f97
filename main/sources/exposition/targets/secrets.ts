import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { firstOf, message } from '../../../../shared/messages/message.ts'
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
  return [
    {
      code: 'outside-secret-scope',
      severity: 'advisory',
      what: message('doubt.unauthorised', { bare: bare.length, all: targets.length, section }),
      by: firstOf(named, MOST_NAMED, bare.length),
      nextStep: message('doubt.unauthorised.next', { section }),
    },
  ]
}
