import { useState } from 'react'
import type { ThrottleScope } from '../../../shared/contract/throttles.ts'
import type { TenantDetail } from '../../../shared/contract/tenants.ts'
import { limitText, parseLimit, roundedDown } from '../../state/throttles/limitText.ts'
import type { ThrottleSubject } from '../../state/throttles/sheet.ts'
import type { PreviewQuestion } from './usePreview.ts'

/** What stands in the sheet. */
export interface Draft {
  readonly mode: 'cap' | 'block'
  /** As typed; null until the person changed the proposal. */
  readonly limit: string | null
  readonly scope: ThrottleScope
  readonly minutes: number
  readonly reason: string
  readonly breakGlass: boolean
}

export const DURATIONS = [5, 15, 30, 60, 120, 240, 480] as const
/** Of what is used now. */
const MILD = 0.6
export const USUAL_MINUTES = 30
export const WHOLE_TENANT: ThrottleScope = { models: [], endpoints: [], keys: [] }

export function useDraft({ scope, incidentId }: ThrottleSubject) {
  const [draft, setDraft] = useState<Draft>(() => ({
    mode: 'cap',
    limit: null,
    scope: scope ?? WHOLE_TENANT,
    minutes: USUAL_MINUTES,
    reason: incidentId === undefined ? '' : `${incidentId}: `,
    breakGlass: false,
  }))
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }))
  return { draft, change }
}

/**
 * The limit that stands in the sheet first, tokens per minute: what the cause proposed, else what the tenant has bought,
 * else a cut that few back ends want a second person for. Null while none of it is known.
 */
export function proposedLimit(
  subject: ThrottleSubject,
  tenant: TenantDetail | null | undefined,
): number | null {
  if (subject.tpm !== undefined) return roundedDown(subject.tpm)
  const { rates, entitled } = tenant ?? {}
  const used =
    rates?.input === null || rates?.output === null ? null : (rates?.input ?? 0) + (rates?.output ?? 0)
  if (used === null || used <= 0) return null
  if (entitled !== null && entitled !== undefined && entitled < used) return roundedDown(entitled * 60)
  return roundedDown(used * 60 * MILD)
}

/** What is asked of the engine; null while the limit cannot be read. */
export function questionOf(
  draft: Draft,
  subject: ThrottleSubject,
  tightens: string | null,
  proposed: number | null,
): PreviewQuestion | null {
  const tpm = draft.limit === null ? proposed : parseLimit(draft.limit)
  if (draft.mode === 'cap' && tpm === null) return null
  return {
    tenant: subject.tenant,
    mode: draft.mode,
    scope: draft.scope,
    limits: { tpm: draft.mode === 'cap' ? tpm : null, rpm: null, maxConcurrent: null },
    minutes: draft.minutes,
    throttleId: tightens,
  }
}

export function shownLimit(draft: Draft, proposed: number | null): string {
  return draft.limit ?? (proposed === null ? '' : limitText(proposed))
}
