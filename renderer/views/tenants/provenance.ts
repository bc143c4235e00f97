import type { TokenOrigin } from '../../../shared/contract/tokens.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { whyMissing } from '../../state/tenants/states.ts'
import { isOld, type Provenanced } from '../tokens/provenance.ts'
import { originText } from '../../state/tokens/originWords.ts'

/** Age, origin and, where it is missing, the reason of one figure of one tenant. */
export function tenantProvenance(
  { origin, windowMs }: { readonly origin: TokenOrigin; readonly windowMs: number },
  what: Parameters<typeof whyMissing>[1],
  value: number | null,
): Provenanced {
  const old = value !== null && isOld(origin)
  return {
    at: origin.dataAsOf,
    source: say('tokens.source.mean', { source: origin.name, span: formatDuration(windowMs) }),
    reason: old ? originText(origin) : whyMissing(origin, what),
    ...(old ? { state: 'stale', quiet: true } : {}),
  }
}

export function percent(share: number | null): number | null {
  return share === null ? null : share * 100
}

/** Two significant digits, so that a narrow column has room for "0.41 %" and "36 %". */
export function shareDigits(share: number | null): number {
  if (share === null || share >= 0.0995 || share < 0.000_05) return 0
  return share >= 0.009_95 ? 1 : 2
}
