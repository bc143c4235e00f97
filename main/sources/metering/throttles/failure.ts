import { type Message, message } from '../../../../shared/messages/message.ts'
import { textOf } from '../../../../shared/messages/format.ts'
import type { ProblemType } from '../../../../shared/metering/problem.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { HeldBack } from '../transport/http.ts'
import { MeteringRefusal } from '../transport/refusal.ts'

/** What kept a throttle from being read or changed. */
export const THROTTLE_PROBLEMS = [
  'invalid',
  'unauthorised',
  'forbidden',
  'notFound',
  'keyReused',
  'stale',
  'aboveBase',
  'preconditionMissing',
  'rateLimited',
  'unavailable',
  'heldBack',
  'unreachable',
  'noAnswer',
  'failedInside',
  'unreadable',
] as const
export type ThrottleProblem = (typeof THROTTLE_PROBLEMS)[number]

/**
 * A call about throttles without a good answer.
 * `unchanged` says that the back end has certainly changed nothing; otherwise it may have done what it was asked to.
 */
export class ThrottleFailure extends SourceFailure {
  override readonly name = 'ThrottleFailure'
  readonly problem: ThrottleProblem
  readonly unchanged: boolean
  readonly words: Message

  constructor(problem: ThrottleProblem, unchanged: boolean, cause: SourceFailure) {
    const words = message(`throttles.failure.${problem}`, { said: cause.failure.text })
    super(
      {
        code: cause.failure.code,
        text: textOf(words),
        nextStep: textOf(message(`throttles.failure.next.${problem}`)),
      },
      cause,
    )
    this.problem = problem
    this.unchanged = unchanged
    this.words = words
  }

  get nextStep(): Message {
    return message(`throttles.failure.next.${this.problem}`)
  }
}

const BY_TYPE: Readonly<Record<ProblemType, ThrottleProblem>> = {
  'invalid-request': 'invalid',
  unauthorised: 'unauthorised',
  forbidden: 'forbidden',
  'not-found': 'notFound',
  'idempotency-conflict': 'keyReused',
  stale: 'stale',
  'above-base': 'aboveBase',
  'precondition-required': 'preconditionMissing',
  'rate-limited': 'rateLimited',
  unavailable: 'unavailable',
}
/** Refusals that a proxy in between may also give, known by their number where the answer names no kind. */
const BY_STATUS: Readonly<Record<number, ThrottleProblem>> = {
  400: 'invalid',
  401: 'unauthorised',
  403: 'forbidden',
  404: 'notFound',
  409: 'keyReused',
  412: 'stale',
  413: 'invalid',
  415: 'invalid',
  422: 'aboveBase',
  428: 'preconditionMissing',
  429: 'rateLimited',
}
/** The connection never stood, so no request went over it. */
const NEVER_SENT: ReadonlySet<string> = new Set(['refused', 'dns', 'unreachable', 'address', 'local', 'tls'])

/** @throws whatever is no failure of a source: a defect */
export function throttleFailureOf(error: unknown): ThrottleFailure {
  if (error instanceof ThrottleFailure) return error
  if (error instanceof HeldBack) return new ThrottleFailure('heldBack', true, error)
  if (error instanceof MeteringRefusal) return refusal(error)
  if (!(error instanceof SourceFailure)) throw error
  const { code } = error.failure
  if (NEVER_SENT.has(code)) return new ThrottleFailure('unreachable', true, error)
  // A redirect was not followed: whoever sent it did not do what was asked.
  if (code.startsWith('http-3')) return new ThrottleFailure('unreachable', true, error)
  if (code === 'question') return new ThrottleFailure('notFound', true, error)
  if (code === 'parse' || code === 'html' || code === 'too-large') {
    return new ThrottleFailure('unreadable', false, error)
  }
  return new ThrottleFailure('noAnswer', false, error)
}

function refusal(error: MeteringRefusal): ThrottleFailure {
  if (error.type !== null) return new ThrottleFailure(BY_TYPE[error.type], true, error)
  const problem = BY_STATUS[error.status]
  if (problem !== undefined) return new ThrottleFailure(problem, true, error)
  // A gateway that says 502, 503 or 504 may have passed the request on before it lost the answer.
  if (error.status >= 502 && error.status <= 504) return new ThrottleFailure('unavailable', false, error)
  return error.status >= 500 || error.status === 408
    ? new ThrottleFailure('failedInside', false, error)
    : new ThrottleFailure('invalid', true, error)
}
