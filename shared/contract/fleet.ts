import { z } from 'zod'
import { FIELD_IDS } from '../model/field.ts'
import { FIGURE_STATES, PRESENCES, SEVERITIES } from '../model/figure.ts'
import { findingSchema } from '../model/finding.ts'

const fieldId = z.enum(FIELD_IDS)

const reading = z.object({
  field: fieldId,
  state: z.enum(FIGURE_STATES),
  /** Exporter's unit; null where absent. For an implausible figure the refused raw value. */
  value: z.number().nullable(),
  /** ms since the epoch of the sample. */
  at: z.number().nullable(),
  /** Of an absent figure: why there is none, in a few words ("not exported by its host"). */
  why: z.string().optional(),
})
export type Reading = z.infer<typeof reading>

const xidRecord = z.object({ code: z.int(), at: z.number(), count: z.int().nullable() })

const unit = z.object({
  row: z.int(),
  state: z.enum(FIGURE_STATES),
  severity: z.enum(SEVERITIES),
  presence: z.enum(PRESENCES),
  /** Names of CONDITION bits. */
  conditions: z.array(z.string()),
  readings: z.array(reading),
})

export const gpuDetailSchema = z.object({
  topologyVersion: z.int(),
  host: z.string(),
  rack: z.string(),
  floor: z.string(),
  slot: z.int(),
  type: z.string(),
  modelName: z.string(),
  uuid: z.string(),
  /** Remaining identity labels (pci_bus_id, device, driver, …), as text. */
  labels: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Who uses it: none, one, or all pods and jobs that share it. */
  workloads: z.array(
    z.object({
      namespace: z.string(),
      pod: z.string(),
      container: z.string(),
      /** What is its own of a GPU that several share, where the exporter reports their shares. */
      own: z.array(reading),
    }),
  ),
  unit,
  instances: z.array(unit.extend({ profile: z.string(), id: z.string() })),
  xids: z.array(xidRecord),
  findings: z.array(findingSchema),
  /** Where the figures come from: source names and the way in use. */
  origin: z.string(),
  lastSampleAt: z.number().nullable(),
})
export type GpuDetail = z.infer<typeof gpuDetailSchema>

export const hostDetailSchema = z.object({
  topologyVersion: z.int(),
  host: z.string(),
  rack: z.string(),
  floor: z.string(),
  expected: z.int().nullable(),
  present: z.int(),
  rows: z.array(z.int()),
  /** Sum of board power over GPUs with an ok figure, W; null where none. */
  powerWatts: z.number().nullable(),
  findings: z.array(findingSchema),
  origin: z.string(),
  lastSampleAt: z.number().nullable(),
})
export type HostDetail = z.infer<typeof hostDetailSchema>

export const historySchema = z.object({
  origin: z.enum(['prometheus', 'memory']),
  stepMs: z.number(),
  /** ms since the epoch, ascending. */
  times: z.array(z.number()),
  series: z.array(z.object({ row: z.int(), field: fieldId, values: z.array(z.number().nullable()) })),
  warnings: z.array(z.string()),
})
export type History = z.infer<typeof historySchema>

export const trendSchema = z.object({
  times: z.array(z.number()),
  /** Mean activity of present GPUs, 0–1. */
  activity: z.array(z.number().nullable()),
  /** Sum over boards, W. */
  powerWatts: z.array(z.number().nullable()),
  present: z.array(z.number().nullable()),
  hottestCelsius: z.array(z.number().nullable()),
})
export type Trend = z.infer<typeof trendSchema>
