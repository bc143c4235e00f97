import { z } from 'zod'
import { messageSchema } from '../messages/schema.ts'
import { MOST_ID, MOST_NAME } from './person.ts'

/** 1 is the worst: users are hurt now · 2: capacity is lost, or users will be hurt · 3: to be looked at. */
export const PRIORITIES = [1, 2, 3] as const
export type Priority = (typeof PRIORITIES)[number]

/**
 * `open`: what opened it lasts, or is not known to be over · `recovered`: it is over, as the engine sees it · `resolved`:
 * a person has closed it, or nothing was heard of it for a day.
 */
export const INCIDENT_STATES = ['open', 'recovered', 'resolved'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

/** UTF-16 units of a reason or note. */
export const LONGEST_NOTE = 2000
/** Hosts of an incident that are told to screens; `hosts` counts all. */
export const MOST_HOSTS_TOLD = 64

const who = z.object({ id: z.string().max(MOST_ID), name: z.string().max(MOST_NAME) })
/** A person as an incident names them; the name is that of the time. */
export type NamedPerson = z.output<typeof who>

/** What is concerned, for links; names only as far as the kind has them. */
export const incidentSubjectSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('objective'), id: z.string(), tenant: z.string().nullable() }),
  z.object({ type: z.literal('host'), host: z.string(), rack: z.string() }),
  z.object({ type: z.literal('floor') }),
  z.object({ type: z.literal('source') }),
  z.object({ type: z.literal('rack'), rack: z.string() }),
])
export type IncidentSubject = z.output<typeof incidentSubjectSchema>

/** "INC-2417"; numbers count up within a site. */
export const incidentIdSchema = z
  .string()
  .regex(/^INC-\d{1,9}$/, 'expected the id of an incident, such as INC-12')

/** All times are wall clock, ms since the epoch. */
export const incidentSchema = z.object({
  /** See {@link incidentIdSchema}. */
  id: z.string(),
  /** What makes two troubles the same: at most one incident of a cause is not resolved. */
  cause: z.string().min(1).max(512),
  kind: z.enum(['burn', 'finding']),
  subject: incidentSubjectSchema,
  priority: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  title: messageSchema,
  /** What is measured, worst first. */
  facts: z.array(messageSchema).max(8),
  nextStep: messageSchema.nullable(),
  state: z.enum(INCIDENT_STATES),
  /** When the trouble began; with `startedAtLeast` it was there when this engine first looked. */
  startedAt: z.number(),
  startedAtLeast: z.boolean(),
  openedAt: z.number(),
  recoveredAt: z.number().nullable(),
  resolvedAt: z.number().nullable(),
  /** Whether it lasts cannot be judged, since when and why. */
  unknown: z.object({ since: z.number(), why: messageSchema }).nullable(),
  /** Until it is resolved. */
  acknowledged: z.object({ by: who, at: z.number(), reason: z.string().max(LONGEST_NOTE) }).nullable(),
  assignee: z.string().max(MOST_NAME).nullable(),
  gpus: z.int().min(0),
  hosts: z.int().min(0),
  hostNames: z.array(z.string()).max(MOST_HOSTS_TOLD),
  /** How often the trouble was back after it had been over. */
  returns: z.int().min(0),
  /** The incident of the same cause before this one, or the wider one that this became a part of. */
  follows: z.string().nullable(),
  mergedInto: z.string().nullable(),
  /** Entries of its timeline so far. */
  entries: z.int().min(0),
})
export type Incident = z.output<typeof incidentSchema>

export const ENTRY_KINDS = [
  'opened',
  'spread',
  'priority',
  'recovered',
  'returned',
  'unknown',
  'known',
  'acknowledged',
  'note',
  'assigned',
  'resolved',
  'reopened',
  'merged',
  'throttle',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** One line of a timeline. It is never changed or taken away; a correction is another line. */
export const timelineEntrySchema = z.object({
  /** Counts up from 1 within its incident. */
  seq: z.int().min(1),
  kind: z.enum(ENTRY_KINDS),
  /** When it happened, and when it was written down. */
  eventAt: z.number(),
  recordedAt: z.number(),
  /** Null: the engine. */
  who: who.nullable(),
  message: messageSchema,
  /** In the person's own words; '' where there are none. */
  text: z.string().max(LONGEST_NOTE),
})
export type TimelineEntry = z.output<typeof timelineEntrySchema>
