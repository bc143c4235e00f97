import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'
import { incidentSchema, timelineEntrySchema } from '../model/incident.ts'

/** An incident as a list shows it. */
export const incidentRowSchema = incidentSchema.omit({ facts: true, nextStep: true, hostNames: true })
export type IncidentRow = z.output<typeof incidentRowSchema>

export const incidentsItemSchema = z.object({
  at: z.number(),
  /** The engine is this window's own: no other console sees these. */
  alone: z.boolean(),
  /** Why incidents, or the newest of them, are not written down; null while they are. */
  notKept: messageSchema.nullable(),
  /** Incidents in the store whose record is damaged, and which are not shown. */
  unreadable: z.int().min(0),
  /** Open ones first, most urgent first; then those that recovered, then those resolved in the last 14 days. */
  incidents: z.array(incidentRowSchema),
})
export type IncidentsItem = z.output<typeof incidentsItemSchema>

export const incidentItemSchema = z.object({
  at: z.number(),
  /** Null where there is no such incident. */
  incident: incidentSchema.nullable(),
  /** Oldest first; the newest thousand. */
  entries: z.array(timelineEntrySchema),
  /** It is written down as it is shown. */
  kept: z.boolean(),
})
export type IncidentItem = z.output<typeof incidentItemSchema>
