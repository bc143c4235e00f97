import { textOf } from '../../shared/messages/format.ts'
import type { Message } from '../../shared/messages/message.ts'

/** Something about accounts that was not done, in words for whoever asked for it. */
export class AccessRefusal extends Error {
  override readonly name = 'AccessRefusal'
  readonly text: Message
  readonly nextStep: Message

  constructor(text: Message, nextStep: Message) {
    super(textOf(text))
    this.text = text
    this.nextStep = nextStep
  }
}
