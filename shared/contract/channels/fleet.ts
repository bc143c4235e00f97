import { z } from 'zod'
import { FIELD_IDS } from '../../model/field.ts'
import { fleetEventSchema, findingSchema } from '../../model/finding.ts'
import { topologySchema } from '../../model/topology.ts'
import { command, frameStream, stream } from '../define.ts'
import { gpuDetailSchema, historySchema, hostDetailSchema, trendSchema } from '../fleet.ts'
import * as forWalls from '../forWalls.ts'
import { nothing } from './questions.ts'

const fieldId = z.enum(FIELD_IDS)
/** Longer than any name that the engine gives out. */
const hostName = z.string().max(256)

export const fleetCommands = {
  'fleet.history': command({
    access: 'read',
    walls: { narrow: forWalls.history },
    input: z.strictObject({
      topologyVersion: z.int(),
      rows: z.array(z.int().min(0)).min(1).max(64),
      fields: z.array(fieldId).min(1).max(8),
      fromMs: z.number(),
      toMs: z.number(),
      maxPoints: z.int().min(2).max(4000),
    }),
    output: historySchema,
  }),
  /**
   * On a floor without an inventory: a host that left on purpose leaves the floor, and is expected no longer. One that
   * answers comes back by itself.
   */
  'fleet.dismissHost': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ host: hostName.min(1) }),
    output: nothing,
  }),
  /** The summary strip's sparklines, from the engine's own memory. */
  'fleet.trend': command({ access: 'read', walls: 'whole', input: nothing, output: trendSchema }),
}

export const fleetStreams = {
  'fleet.topology': stream({ walls: { narrow: forWalls.topology }, params: nothing, item: topologySchema }),
  'fleet.frame': frameStream({
    walls: 'whole',
    params: z.strictObject({ fields: z.array(fieldId).max(FIELD_IDS.length) }),
  }),
  'fleet.findings': stream({
    walls: { narrow: forWalls.findings },
    params: nothing,
    item: z.object({
      topologyVersion: z.int(),
      at: z.number(),
      /** Worst first; capped, `total` counts all. */
      findings: z.array(findingSchema),
      total: z.int(),
      events: z.array(fleetEventSchema),
    }),
  }),
  'fleet.gpu': stream({
    walls: { narrow: forWalls.gpu },
    params: z.strictObject({ host: hostName, slot: z.int().min(0) }),
    item: gpuDetailSchema.nullable(),
  }),
  'fleet.host': stream({
    walls: { narrow: forWalls.host },
    params: z.strictObject({ host: hostName }),
    item: hostDetailSchema.nullable(),
  }),
}
