import { z } from 'zod'
import { CHARTED, DIMENSIONS, filtersSchema } from '../../model/tokens.ts'
import { command, stream } from '../define.ts'
import * as forWalls from '../forWalls.ts'
import {
  bucketTotalsSchema,
  driftSchema,
  historyAnswerSchema,
  latencyHistorySchema,
  overviewSchema,
  yieldSchema,
} from '../tokens.ts'
import { nothing, range } from './questions.ts'

export const tokenStreams = {
  'tokens.overview': stream({
    walls: { refuses: forWalls.refusesTenantFilter, narrow: forWalls.overview },
    params: z.strictObject({ filters: filtersSchema, limit: z.int().min(1).max(200).default(12) }),
    item: overviewSchema,
  }),
  'tokens.yield': stream({ walls: { narrow: forWalls.yields }, params: nothing, item: yieldSchema }),
  'tokens.drift': stream({
    walls: { narrow: forWalls.drift },
    params: nothing,
    item: driftSchema,
  }),
}

export const tokenCommands = {
  /** A range in steps that fit a screen, from the back end. */
  'tokens.history': command({
    access: 'read',
    walls: { refuses: forWalls.refusesTenants, narrow: forWalls.tokensHistory },
    input: z.strictObject({
      ...range,
      maxPoints: z.int().min(2).max(4000),
      measure: z.enum(CHARTED),
      groupBy: z.enum(DIMENSIONS).nullable(),
      filters: filtersSchema,
      top: z.int().min(1).max(50).default(8),
    }),
    output: historyAnswerSchema,
  }),
  /** Totals per hour, day or month of the site's calendar; the newest bucket is the present one. */
  'tokens.totals': command({
    access: 'read',
    walls: { refuses: forWalls.refusesTenants, narrow: forWalls.totals },
    input: z.strictObject({
      bucket: z.enum(['hour', 'day', 'month']),
      buckets: z.int().min(1).max(400),
      groupBy: z.enum(DIMENSIONS).nullable(),
      filters: filtersSchema,
      top: z.int().min(1).max(50).default(8),
    }),
    output: bucketTotalsSchema,
  }),
  'tokens.latency': command({
    access: 'read',
    walls: { narrow: forWalls.latency },
    input: z.strictObject({
      ...range,
      maxPoints: z.int().min(2).max(4000),
      kind: z.enum(['duration', 'timeToFirstToken', 'interToken']),
      filters: filtersSchema,
    }),
    output: latencyHistorySchema,
  }),
}
