import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'
import { SEVERITIES } from './figure.ts'

/** One line of the abnormal list: what · where · since · by how much · next step. Grouped by cause, per host where one cause hits all of it. */
export const findingSchema = z.object({
  /** Stable while the finding lasts, e.g. `xid/h-0312/3`. */
  id: z.string(),
  kind: z.enum([
    'missing',
    'unexpected',
    'stale',
    'frozen',
    'implausible',
    'xid',
    'thermal',
    'ecc',
    'remapFailed',
    'slowdown',
    'hot',
    'identityChanged',
    'typeMismatch',
    'busyButIdle',
    'power',
    'limit',
    'source',
  ]),
  severity: z.enum(SEVERITIES),
  /** "XID 79 · GPU has fallen off the bus" */
  what: messageSchema,
  /** Names of places, alike in every language: "h-0312 · GPU 3", "exporter a, exporter b, +12"; '' for the whole floor. */
  where: z.string(),
  /** Rows concerned in the topology version of the enclosing message; at most 64. */
  rows: z.array(z.int().min(0)).max(64),
  /** How many GPUs it concerns, also beyond `rows`. */
  gpus: z.int().min(0),
  /** Id of the source, where it is about one source alone. */
  source: z.string().optional(),
  /** When it began, ms since the epoch; where `sinceAtLeast` is set, when it was first seen. */
  since: z.number(),
  /** Since when the figures that raised it have not been read, so that it may be over, ms since the epoch; absent while they are. */
  unreadSince: z.number().optional(),
  /** It was there when this console first looked, so that it began at `since` or before. */
  sinceAtLeast: z.literal(true).optional(),
  /** "91 °C, limit 90 °C"; null where nothing is measured. */
  by: messageSchema.nullable(),
  nextStep: messageSchema,
})
export type Finding = z.infer<typeof findingSchema>

/** Something that happened at an instant; kept as a bounded list, newest first. */
export const fleetEventSchema = z.object({
  at: z.number(),
  severity: z.enum(SEVERITIES),
  /** As a finding's. */
  where: z.string(),
  text: messageSchema,
})
export type FleetEvent = z.infer<typeof fleetEventSchema>
