import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'
import { MOST_ID, MOST_NAME, PERSON_ROLES, personSchema } from '../model/person.ts'

/** What a person may type as a user name; what is one is decided by the engine, in words. */
export const typedLogin = z.string().max(128)
/** Never shown, logged or sent back. Longer than any that is taken, so that the refusal is in words. */
export const typedPassword = z.string().max(1024)

/** Who acts at this console, and why no one can. */
export const meSchema = z.object({
  /**
   * `signedIn`: with an account · `standing`: whoever runs the engine, at its own machine, while there are no accounts ·
   * `locked`: views stay, acts are refused · `signedOut`
   */
  state: z.enum(['signedIn', 'standing', 'locked', 'signedOut']),
  /** Whose session this is; null where it is no one's. */
  person: personSchema.nullable(),
  login: z.string().max(MOST_ID).nullable(),
  /** As the audit names this console. */
  console: z.string(),
  /** Why no one can act, and what helps; null while someone can. */
  why: messageSchema.nullable(),
  nextStep: messageSchema.nullable(),
  /** Who can act again here without a password, after signing out. */
  offered: personSchema.nullable(),
  /** Whether anyone can sign in with a password; null where that is not known. */
  accounts: z.boolean().nullable(),
  /** Wall clock, ms. */
  since: z.number().nullable(),
  endsAt: z.number().nullable(),
})
export type Me = z.infer<typeof meSchema>

/** Who else is attached. */
export const presentSchema = z.object({
  consoles: z
    .array(
      z.object({
        /** Of this attachment. */
        id: z.int(),
        console: z.string(),
        /** It is the one that asks. */
        own: z.boolean(),
        state: meSchema.shape.state,
        name: z.string().max(MOST_NAME).nullable(),
        role: z.enum(PERSON_ROLES).nullable(),
        /** Attached since; wall clock, ms. */
        since: z.number(),
      }),
    )
    .max(64),
  /** Beyond those listed. */
  more: z.int(),
  walls: z.int(),
})
export type Present = z.infer<typeof presentSchema>

export const accountSchema = personSchema.extend({
  login: z.string().max(MOST_ID),
  disabled: z.boolean(),
  createdAt: z.number(),
  /** Wall clock, ms; null: never. */
  passwordAt: z.number().nullable(),
  signedInAt: z.number().nullable(),
  /** Until when a one-time code waits to be used. */
  codeUntil: z.number().nullable(),
})
export type AccountRow = z.infer<typeof accountSchema>

/** Shown once: the engine keeps a digest alone. */
export const issuedCodeSchema = z.object({ login: z.string(), code: z.string(), until: z.number() })
