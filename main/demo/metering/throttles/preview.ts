import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { z } from 'zod'
import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import type { previewRequestSchema } from '../../../../shared/metering/throttles.ts'
import type { LimitValues } from '../../../../shared/metering/tenants.ts'
import type { StreamSpec } from '../../ledger/types.ts'
import { canonicalJson } from '../../../../shared/model/canonicalJson.ts'
import { ProblemError } from '../http/handler.ts'
import { BLOCKED, LIMIT_NAMES, lowest, reaches } from './limits.ts'
import { isCovered, THROTTLE_CAPABILITY } from './capability.ts'

export type Wanted = z.output<typeof previewRequestSchema>
type Preview = AnswerOf<'previewThrottle'>

/** What flows at present, per second over the last minute or so. */
export interface FlowRate {
  readonly tokens: number
  readonly requests: number
}

/** The limits that a throttle lays over those that are there. */
export function overlayOf({ mode, limits }: Pick<Wanted, 'mode' | 'limits'>): LimitValues {
  return mode === 'block' ? BLOCKED : limits
}

/**
 * What a throttle would change.
 * @param effective the tenant's limits now
 * @param streams those of the tenant
 * @param rateOf what flows through some of them
 */
export function impactOf(
  wanted: Wanted,
  effective: LimitValues,
  streams: readonly StreamSpec[],
  rateOf: (streams: readonly StreamSpec[]) => FlowRate,
): Omit<Preview, 'previewToken' | 'validUntil'> {
  const inScope = streams.filter((stream) => reaches(wanted.scope, stream))
  const covered = inScope.filter((stream) => isCovered(stream.endpoint))
  const overlay = overlayOf(wanted)
  const after = lowest([effective, overlay])
  const current = rateOf(inScope)
  const held = rateOf(covered)
  const share = shareLeft(overlay, held)
  const capped = share === null ? null : current.tokens - held.tokens * (1 - share)
  return {
    diff: LIMIT_NAMES.map((limit) => ({ limit, before: effective[limit], after: after[limit] })),
    affectedKeys: distinct(covered.map((stream) => stream.key)),
    affectedModels: distinct(covered.map((stream) => stream.model)),
    currentTokensPerSecond: current.tokens,
    cappedTokensPerSecond: capped,
    needsApproval: isHeavy(current.tokens, capped),
  }
}

/** Which part of a flow passes, 0–1; null where only the number of requests in flight is limited: not known then. */
function shareLeft({ tpm, rpm, maxConcurrent }: LimitValues, flow: FlowRate): number | null {
  if (maxConcurrent === 0) return 0
  if (tpm === null && rpm === null) return null
  const part = (perMinute: number | null, perSecond: number) =>
    perMinute === null || perSecond === 0 ? 1 : Math.min(1, perMinute / 60 / perSecond)
  return Math.min(part(tpm, flow.tokens), part(rpm, flow.requests))
}

/** An unknown effect is taken for a heavy one. */
function isHeavy(current: number, capped: number | null): boolean {
  const { approvalAbovePercent } = THROTTLE_CAPABILITY
  if (approvalAbovePercent === null || current === 0) return false
  return capped === null || ((current - capped) / current) * 100 > approvalAbovePercent
}

/**
 * Tokens that tie a throttle to the preview that somebody looked at: what was previewed, whether it needs a second
 * person, and until when that holds. They are signed instead of stored.
 */
export interface PreviewTokens {
  issue(wanted: Wanted, needsApproval: boolean): { previewToken: string; validUntil: string }
  /**
   * @returns whether the preview said that it needs approval
   * @throws ProblemError 400 where the token is not of this request, 412 where it is too old
   */
  check(token: string, wanted: Wanted): boolean
}

const VALID_MS = 5 * 60_000

/** @param now simulated time, ms */
export function createPreviewTokens(now: () => number): PreviewTokens {
  const key = randomBytes(32)
  const seal = (content: string) => createHmac('sha256', key).update(content).digest()

  return {
    issue(wanted, needsApproval) {
      const validUntil = now() + VALID_MS
      const content = `${validUntil}.${needsApproval ? 1 : 0}.${digestOf(wanted)}`
      return {
        previewToken: `${content}.${seal(content).toString('base64url')}`,
        validUntil: new Date(validUntil).toISOString(),
      }
    },
    check(token, wanted) {
      const [validUntil = '', approval = '', digest = '', mark = ''] = token.split('.')
      const given = Buffer.from(mark, 'base64url')
      const expected = seal(`${validUntil}.${approval}.${digest}`)
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
        throw refusal('It is not one of this server; ask for a preview first.')
      }
      if (digest !== digestOf(wanted)) {
        throw refusal('It belongs to another throttle: tenant, scope, mode and limits must be as previewed.')
      }
      if (now() <= Number(validUntil)) return approval === '1'
      throw new ProblemError(
        'stale',
        'The preview is no longer valid. Ask for a new one.',
        'body.previewToken',
      )
    },
  }
}

function refusal(text: string): ProblemError {
  return new ProblemError('invalid-request', text, 'body.previewToken')
}

function digestOf({ tenantId, scope, mode, limits }: Wanted): string {
  return createHash('sha256').update(canonicalJson({ tenantId, scope, mode, limits })).digest('base64url')
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted()
}
