import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'

/** A figure that is not known exactly: what is expected, and between what it lies nine times in ten. */
export const rangeSchema = z.object({ low: z.number(), mid: z.number(), high: z.number() })
export type Range = z.output<typeof rangeSchema>

/** What a limit would have done to recent load, had it been in force. Per minute, means over the measured minutes. */
export const replaySchema = z.object({
  /** The time that was replayed, ms. */
  fromMs: z.number(),
  toMs: z.number(),
  measuredMinutes: z.int(),
  /** Minutes of that time of which nothing is known: they are in no figure. */
  unmeasuredMinutes: z.int(),
  /** Asked for in the scope of the limit; null where it is not known. */
  tokensPerMin: z.number().nullable(),
  requestsPerMin: z.number().nullable(),
  rejectedTokensPerMin: rangeSchema.nullable(),
  rejectedRequestsPerMin: rangeSchema.nullable(),
  admittedTokensPerMin: rangeSchema.nullable(),
  /** Whether single requests were replayed, or whole minutes. */
  of: z.enum(['requests', 'minutes', 'nothing']),
  /** What was assumed, and what cannot be told. */
  notes: z.array(messageSchema).max(20),
})
export type Replay = z.output<typeof replaySchema>

/** What is expected of the servers once a limit is in force. */
export const reliefSchema = z.object({
  burn: z.object({ now: z.number().nullable(), after: rangeSchema.nullable() }),
  /** Waiting requests on the servers concerned. */
  queue: z.object({ now: z.number().nullable(), after: rangeSchema.nullable() }),
  /** Until the requests that wait now are answered, ms; null where it is not known, or they never are. */
  settlesInMs: rangeSchema.nullable(),
  /** How it is known, or why it is not. */
  why: z.array(messageSchema).max(20),
})
export type Relief = z.output<typeof reliefSchema>
