import type { z } from 'zod'
import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import type {
  extendRequestSchema,
  previewRequestSchema,
  Throttle,
  throttleRequestSchema,
  tightenRequestSchema,
} from '../../../../shared/metering/throttles.ts'
import type { Tagged } from '../transport/http.ts'

export type { Tagged } from '../transport/http.ts'

export type LimitsAnswer = AnswerOf<'getLimits'>
export type PreviewAnswer = AnswerOf<'previewThrottle'>
export type PreviewBody = z.output<typeof previewRequestSchema>
export type CreateBody = z.input<typeof throttleRequestSchema>
export type ExtendBody = z.output<typeof extendRequestSchema>
export type TightenBody = z.input<typeof tightenRequestSchema>

/** What a change is tied to: the key that makes it one change however often it arrives, and the state it was decided on. */
export interface Condition {
  readonly idempotencyKey: string
  readonly ifMatch: string
}

/** What a list is narrowed by. */
export interface ThrottleFilter {
  readonly tenant?: string
  readonly idempotencyKey?: string
  /** By the back end's clock, ms. */
  readonly endedAfterMs?: number
}

/**
 * The throttles of a back end. Every answer is validated and bounded, and is about what was asked; every rejection is a
 * ThrottleFailure. A change is sent once and never again: whoever does not get its answer reads what became of it.
 */
export interface ThrottleControl {
  /** Of one tenant, with the ETag that a throttle is laid on. */
  limits(tenant: string, signal: AbortSignal): Promise<Tagged<LimitsAnswer>>
  preview(wanted: PreviewBody, signal: AbortSignal): Promise<PreviewAnswer>
  create(body: CreateBody, condition: Condition, signal: AbortSignal): Promise<Tagged<Throttle>>
  read(id: string, signal: AbortSignal): Promise<Tagged<Throttle>>
  list(
    filter: ThrottleFilter,
    signal: AbortSignal,
  ): Promise<{ readonly throttles: readonly Throttle[]; readonly complete: boolean }>
  extend(id: string, body: ExtendBody, condition: Condition, signal: AbortSignal): Promise<Tagged<Throttle>>
  tighten(id: string, body: TightenBody, condition: Condition, signal: AbortSignal): Promise<Tagged<Throttle>>
  release(id: string, condition: Condition, signal: AbortSignal): Promise<Tagged<Throttle>>
}
