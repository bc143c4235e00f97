import type { NoisePart } from '../../../shared/model/noise.ts'
import type { TokenOrigin } from '../../../shared/contract/tokens.ts'
import type { Charted } from '../../../shared/model/tokens.ts'
import { formatDuration, formatSpan } from '../../../shared/model/time.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { lackOf } from '../tokens/measures.ts'
import type { TenantState } from './address.ts'

export const STATE_WORDS: Readonly<Record<TenantState, { word: string; meaning: string }>> = {
  active: { word: say('tenants.state.active'), meaning: say('tenants.state.active.meaning') },
  blocked: { word: say('tenants.state.blocked'), meaning: say('tenants.state.blocked.meaning') },
  closed: { word: say('tenants.state.closed'), meaning: say('tenants.state.closed.meaning') },
  unlisted: { word: say('tenants.state.unlisted'), meaning: say('tenants.state.unlisted.meaning') },
}

/** The same colour for a part everywhere; the words beside it say which it is. */
export const PART_COLOURS: Readonly<Record<NoisePart, string>> = {
  share: 'var(--category-1)',
  excess: 'var(--category-2)',
  surge: 'var(--category-3)',
  rejections: 'var(--category-4)',
  errors: 'var(--category-7)',
}

/** What a figure that is not there is missing where the back end could have it: an agreement, or an answer. */
const MISSING = {
  entitled: { ability: 'tenants', text: say('tenants.missing.entitled') },
  excess: { ability: 'tenants', text: say('tenants.missing.excess') },
  limit: { ability: 'limits', text: say('tenants.missing.limit') },
  requestLimit: { ability: 'limits', text: say('tenants.missing.requestLimit') },
  concurrency: { ability: 'limits', text: say('tenants.missing.concurrency') },
  quota: { ability: 'quotas', text: say('tenants.missing.quota') },
  noise: { ability: 'noise', text: say('tenants.missing.noise') },
  share: { ability: 'share', text: say('tenants.missing.share') },
} as const

/** Why a figure of one tenant is not there: in the back end's own words where it cannot say it at all. */
export function whyMissing(origin: TokenOrigin, what: keyof typeof MISSING | Charted): string {
  if (!isAgreement(what)) return lackOf(origin, what)
  const { ability, text } = MISSING[what]
  const said = origin.lacks.find((lack) => lack.what === ability)?.text
  if (said !== undefined) return textOf(said)
  return origin.state === 'ok' || origin.text === null ? text : `${text} ${textOf(origin.text)}`
}

function isAgreement(what: string): what is keyof typeof MISSING {
  return what in MISSING
}

/** A quota that is used up sooner than this needs somebody who knows. */
export const NEAR_EXHAUSTION_MS = 24 * 3_600_000

/**
 * Until a quota is used up, in one unit: "6 h". What lies behind is not counted down.
 * @param used 0–1; null where there is no quota
 */
export function exhaustionWords(
  used: number | null,
  exhaustsAt: number | null,
  now: number,
): { readonly text: string; readonly kind: 'none' | 'lasts' | 'later' | 'near' | 'gone' } {
  if (used === null && exhaustsAt === null) return { text: '', kind: 'none' }
  if ((used !== null && used >= 1) || (exhaustsAt !== null && exhaustsAt <= now)) {
    return { text: say('quota.usedUp'), kind: 'gone' }
  }
  if (exhaustsAt === null) return { text: say('quota.lasts'), kind: 'lasts' }
  const left = exhaustsAt - now
  return { text: formatSpan(left), kind: left < NEAR_EXHAUSTION_MS ? 'near' : 'later' }
}

/** "in 6 h 12 min", for where there is room. */
export function untilWords(at: number, now: number): string {
  return at <= now
    ? say('quota.ago', { span: formatDuration(now - at) })
    : say('quota.in', { span: formatDuration(at - now) })
}
