import type { TokenOrigin } from '../../../shared/contract/tokens.ts'
import { textOf } from '../../../shared/messages/format.ts'
import type { Message } from '../../../shared/messages/message.ts'

/** Why token figures cannot be taken as they are; '' where they can. */
export function originText({ text }: Pick<TokenOrigin, 'text'>): string {
  return text === null ? '' : textOf(text)
}

/** What to do about it; '' where there is nothing to do. */
export function originNextStep({ nextStep }: Pick<TokenOrigin, 'nextStep'>): string {
  return nextStep === null ? '' : textOf(nextStep)
}

/** The first of the notes; null without one. */
export function firstNote([first]: readonly Message[]): string | null {
  return first === undefined ? null : textOf(first)
}
