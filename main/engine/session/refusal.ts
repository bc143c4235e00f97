import type { z } from 'zod'
import type { Failure } from '../../../shared/contract/wire.ts'
import { textOf } from '../../../shared/messages/format.ts'
import { type Message, message } from '../../../shared/messages/message.ts'

/** A request that ends with an answer for the person at the screen; everything else that is thrown is a defect. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly failure: Failure

  constructor(code: Failure['code'], text: Message, nextStep: Message) {
    super(textOf(text))
    this.failure = { code, text, nextStep }
  }
}

const MAX_ISSUES = 3

/**
 * What a schema found wrong, as "place: what was expected", for people; at most three places, the rest counted.
 * @param root what stands in front of every path, e.g. `input`
 */
export function inPlainWords(error: z.ZodError, root: string): string {
  const told = error.issues
    .slice(0, MAX_ISSUES)
    .map((issue) => `${placeOf(issue.path, root)}: ${issue.message}`)
  const rest = error.issues.length - told.length
  return rest > 0 ? `${told.join('; ')}; and ${rest} more` : told.join('; ')
}

function placeOf(path: readonly PropertyKey[], root: string): string {
  return path.reduce<string>(
    (place, key) => (typeof key === 'number' ? `${place}[${key}]` : `${place}.${String(key).slice(0, 64)}`),
    root,
  )
}

/** A defect, told without its details: those are in the log, where no screen and no wall reads them. */
export function defect(name: string): Failure {
  return {
    code: 'failed',
    text: message('refusal.defect', { name }),
    nextStep: message('refusal.defect.next'),
  }
}
