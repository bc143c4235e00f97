import { z } from 'zod'
import { english } from './english/index.ts'
import type { Message, MessageId } from './message.ts'

/** Texts of the engine are short, and so is what they name. */
const MOST_LETTERS = 4096

/** A message on the wire: an id that this version has a text for, and what the text names. */
export const messageSchema: z.ZodType<Message, Message> = z.lazy(() =>
  z.object({
    id: z.custom<MessageId>((id) => typeof id === 'string' && Object.hasOwn(english, id), {
      error: 'expected the id of a text of this version',
    }),
    values: z.record(z.string().max(64), z.union([z.string().max(MOST_LETTERS), z.number(), messageSchema])),
  }),
)
