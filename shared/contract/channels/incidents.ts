import { z } from 'zod'
import { incidentIdSchema, LONGEST_NOTE } from '../../model/incident.ts'
import { MOST_NAME } from '../../model/person.ts'
import { command, stream } from '../define.ts'
import * as forWalls from '../forWallsIncidents.ts'
import { incidentItemSchema, incidentsItemSchema } from '../incidents.ts'
import { nothing } from './questions.ts'

const id = incidentIdSchema
const words = z.string().trim().min(1, 'expected a few words').max(LONGEST_NOTE)

export const incidentStreams = {
  'incidents.list': stream({
    params: nothing,
    item: incidentsItemSchema,
    walls: { narrow: forWalls.incidents },
  }),
  'incidents.incident': stream({
    params: z.strictObject({ id }),
    item: incidentItemSchema,
    walls: { narrow: forWalls.incident },
  }),
}

export const incidentCommands = {
  /** Until it is resolved, by the person who acts. */
  'incidents.acknowledge': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ id, reason: words }),
    output: nothing,
  }),
  'incidents.note': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ id, text: words }),
    output: nothing,
  }),
  'incidents.assign': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ id, to: z.string().trim().min(1).max(MOST_NAME).nullable() }),
    output: nothing,
  }),
  'incidents.resolve': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ id, reason: words }),
    output: nothing,
  }),
  'incidents.reopen': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ id, reason: words }),
    output: nothing,
  }),
}
