import { z } from 'zod'
import { limitsValueSchema } from '../../metering/tenants.ts'
import { MODES } from '../../metering/capabilities.ts'
import { command, stream } from '../define.ts'
import {
  reasonSchema,
  throttleDetailSchema,
  throttleFreshnessSchema,
  throttleOutcomeSchema,
  throttlePreviewSchema,
  throttleScopeSchema,
  throttlesSchema,
} from '../throttles.ts'
import { nothing } from './questions.ts'

const throttleId = z.string().min(1).max(256)
const minutes = z.int().min(1).max(100_000)
const previewId = z.string().min(1).max(64)
/** The version that the person looked at: a change of another one is refused. */
const version = z.int().min(1)

/** Tenants, limits, reasons and persons: nothing of it is for walls. */
export const throttleStreams = {
  'throttles.active': stream({ walls: 'refused', params: nothing, item: throttlesSchema }),
  'throttles.throttle': stream({
    walls: 'refused',
    params: z.strictObject({ id: throttleId }),
    item: throttleDetailSchema.nullable(),
  }),
  'throttles.freshness': stream({
    walls: 'refused',
    params: z.strictObject({ previewId }),
    item: throttleFreshnessSchema,
  }),
}

export const throttleCommands = {
  /** Asks and stores nothing. For an existing throttle (`throttleId`) it shows a tightening. */
  'throttles.preview': command({
    access: 'read',
    walls: 'refused',
    input: z.strictObject({
      tenant: throttleId,
      mode: z.enum(MODES),
      scope: throttleScopeSchema,
      limits: limitsValueSchema,
      minutes,
      throttleId: throttleId.nullable().default(null),
    }),
    output: throttlePreviewSchema,
  }),
  'throttles.commit': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({
      previewId,
      reason: reasonSchema,
      incidentId: z.string().max(256).nullable(),
      minutes,
      /** Lays it without the second person that it needs; the reason is recorded as the one for that, too. */
      breakGlass: z.boolean().default(false),
    }),
    output: throttleOutcomeSchema,
  }),
  'throttles.extend': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ id: throttleId, version, minutes, reason: reasonSchema }),
    output: throttleOutcomeSchema,
  }),
  'throttles.tighten': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({
      previewId,
      id: throttleId,
      version,
      reason: reasonSchema,
      breakGlass: z.boolean().default(false),
    }),
    output: throttleOutcomeSchema,
  }),
  'throttles.release': command({
    access: 'act',
    walls: 'refused',
    input: z.strictObject({ id: throttleId, version, reason: reasonSchema }),
    output: throttleOutcomeSchema,
  }),
}
