import { z } from 'zod'
import { command, stream } from '../define.ts'
import { sloHistorySchema, sloObjectiveSchema, sloStatesSchema } from '../slo.ts'
import * as forWalls from '../sloForWalls.ts'
import { nothing, range } from './questions.ts'

const objectiveId = z.string().min(1).max(63)

export const sloStreams = {
  'slo.states': stream({ walls: { narrow: forWalls.states }, params: nothing, item: sloStatesSchema }),
  'slo.objective': stream({
    walls: { narrow: forWalls.objective },
    params: z.strictObject({ objectiveId }),
    /** Null where there is no such objective. */
    item: sloObjectiveSchema.nullable(),
  }),
}

export const sloCommands = {
  /** The minutes of a stretch, in steps that fit a screen, and the budget that was left after each. */
  'slo.history': command({
    access: 'read',
    walls: { narrow: forWalls.history },
    input: z.strictObject({ objectiveId, ...range, maxPoints: z.int().min(2).max(4000) }),
    output: sloHistorySchema,
  }),
}
