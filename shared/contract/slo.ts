import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'
import { burnStateSchema, objectiveSchema } from '../model/objective.ts'

/** All objectives of the site and how they burn, in the order of the configuration. */
export const sloStatesSchema = z.object({
  at: z.number(),
  objectives: z.array(objectiveSchema),
  /** One for each objective, in the same order. */
  states: z.array(burnStateSchema),
})
export type SloStates = z.output<typeof sloStatesSchema>

export const sloObjectiveSchema = z.object({
  at: z.number(),
  objective: objectiveSchema,
  /** "at least 95 % of requests of llama-3.3-70b start within 500 ms" */
  owed: messageSchema,
  state: burnStateSchema,
  /** Of latencies: the bounds of the buckets that the source has, s. */
  bounds: z.array(z.number()),
  /** Who measures it. */
  source: messageSchema,
  /** How far back the source was asked for the past: to `fromMs` of what is wanted. */
  past: z.object({ fromMs: z.number().nullable(), wantedMs: z.number(), done: z.boolean() }),
})
export type SloObjective = z.output<typeof sloObjectiveSchema>

export const sloHistorySchema = z.object({
  objective: objectiveSchema,
  stepMs: z.number(),
  points: z.array(
    z.object({
      at: z.number(),
      good: z.number(),
      bad: z.number(),
      badLeast: z.number(),
      total: z.number(),
      /** Known minutes, and minutes since the objective is watched. */
      known: z.number(),
      expected: z.number(),
      /** What is left of the budget after it; null where nothing is known of the period. */
      budget: z.object({ left: z.number(), leftWorst: z.number(), leftBest: z.number() }).nullable(),
    }),
  ),
})
export type SloHistory = z.output<typeof sloHistorySchema>
