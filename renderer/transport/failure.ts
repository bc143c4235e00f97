import type { Failure } from '../../shared/contract/wire.ts'
import { say } from '../../shared/messages/format.ts'

/**
 * Why a call has no answer. Beside the engine's own codes: `line` it is not connected or broke meanwhile, `deadline` no
 * answer in time, `answer` the engine answered something that the contract does not allow.
 */
export type CallFailureCode = Failure['code'] | 'line' | 'deadline' | 'answer'

/** A call that failed, in words for the person at the screen. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure'
  readonly code: CallFailureCode
  readonly nextStep: string

  constructor(code: CallFailureCode, text: string, nextStep: string) {
    super(text)
    this.code = code
    this.nextStep = nextStep
  }
}

/** What a catch block holds, as something that can be shown. */
export function asCallFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error
  const text = error instanceof Error ? error.message : String(error)
  return new CallFailure('failed', say('link.screenFailed', { problem: text }), say('link.screenFailed.next'))
}
