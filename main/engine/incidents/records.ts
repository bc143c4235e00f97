import { z } from 'zod'
import { textOf } from '../../../shared/messages/format.ts'
import { said } from '../../../shared/messages/message.ts'
import { messageSchema } from '../../../shared/messages/schema.ts'
import {
  type Incident,
  incidentSchema,
  type TimelineEntry,
  timelineEntrySchema,
} from '../../../shared/model/incident.ts'
import type { Change, KeptIncident } from '../../core/incidents/types.ts'
import type { Database } from '../../store/index.ts'

/** Incidents in the store of their site: table incident, and incidentEntry, to which lines are added alone. */

const bodySchema = z.object({ incident: incidentSchema, hosts: z.array(z.string()) })

/** Lines of one timeline that are read. */
export const MOST_ENTRIES = 1000

export interface LoadedIncidents {
  /** Those not resolved, and those resolved since the time asked for. */
  readonly kept: readonly KeptIncident[]
  readonly timelines: ReadonlyMap<string, readonly TimelineEntry[]>
  /** The highest number that was ever given out. */
  readonly highest: number
  /** Ids of those whose record is damaged: they are left as they are. */
  readonly unreadable: readonly string[]
}

interface IncidentRow {
  readonly number: number
  readonly body: string
}

/** @param resolvedSince wall clock, ms */
export function loadIncidents(db: Database, resolvedSince: number, mostResolved: number): LoadedIncidents {
  const open = db
    .prepare<[], IncidentRow>("SELECT number, body FROM incident WHERE state <> 'resolved'")
    .all()
  const resolved = db
    .prepare<[number, number], IncidentRow>(
      "SELECT number, body FROM incident WHERE state = 'resolved' AND resolvedAt >= ? ORDER BY resolvedAt DESC LIMIT ?",
    )
    .all(resolvedSince, mostResolved)
  const highest = db.prepare<[], number | null>('SELECT max(number) FROM incident').pluck().get() ?? 0
  const kept: KeptIncident[] = []
  const timelines = new Map<string, readonly TimelineEntry[]>()
  const unreadable: string[] = []
  for (const row of [...open, ...resolved]) {
    const parsed = parsedRow(row)
    if (parsed === null) unreadable.push(idOf(row.number))
    else {
      kept.push(parsed)
      timelines.set(parsed.incident.id, readTimeline(db, row.number))
    }
  }
  return { kept, timelines, highest, unreadable }
}

/** One incident, however old; null where there is none, or its record is damaged. */
export function readIncident(
  db: Database,
  id: string,
): { incident: Incident; entries: readonly TimelineEntry[] } | null {
  const number = numberOf(id)
  const row = db
    .prepare<[number], IncidentRow>('SELECT number, body FROM incident WHERE number = ?')
    .get(number)
  const parsed = row === undefined ? null : parsedRow(row)
  return parsed === null ? null : { incident: parsed.incident, entries: readTimeline(db, number) }
}

/** Writes changes down, inside the transaction of the caller. */
export function saveChanges(db: Database, changes: readonly Change[]): void {
  const put = db.prepare(
    `INSERT INTO incident (number, cause, state, resolvedAt, body) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (number) DO UPDATE
       SET cause = excluded.cause, state = excluded.state, resolvedAt = excluded.resolvedAt, body = excluded.body`,
  )
  const add = db.prepare('INSERT INTO incidentEntry (incident, seq, body) VALUES (?, ?, ?)')
  // What closes comes before what opens: a cause may pass from one incident to another.
  const ordered = changes.toSorted((a, b) => rank(a.incident) - rank(b.incident))
  for (const { incident, hosts, entries } of ordered) {
    const number = numberOf(incident.id)
    const { cause, state, resolvedAt } = incident
    put.run(
      number,
      cause,
      state,
      resolvedAt === null ? null : Math.round(resolvedAt),
      packed({ incident, hosts }),
    )
    for (const entry of entries) add.run(number, entry.seq, packed(entry))
  }
}

/** How many lines of an incident are written down; 0 also where it is not there. */
export function entriesSaved(db: Database, id: string): number {
  const saved = db.prepare<[number], number | null>('SELECT max(seq) FROM incidentEntry WHERE incident = ?')
  return saved.pluck().get(numberOf(id)) ?? 0
}

function rank({ state }: Incident): number {
  return state === 'resolved' ? 0 : 1
}

function readTimeline(db: Database, number: number): TimelineEntry[] {
  const rows = db
    .prepare<[number, number], string>(
      'SELECT body FROM (SELECT seq, body FROM incidentEntry WHERE incident = ? ORDER BY seq DESC LIMIT ?) ORDER BY seq',
    )
    .pluck()
    .all(number, MOST_ENTRIES)
  return rows.flatMap((text) => {
    const parsed = timelineEntrySchema.safeParse(jsonOf(text))
    return parsed.success ? [parsed.data] : []
  })
}

/** A flipped bit passes the checks of SQLite, but not this. */
function parsedRow({ number, body }: IncidentRow): KeptIncident | null {
  const parsed = bodySchema.safeParse(jsonOf(body))
  return parsed.success && parsed.data.incident.id === idOf(number) ? parsed.data : null
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text, unpacked)
  } catch {
    return null
  }
}

/** A message is kept with its words: a later version may have no such message any more, and the record is to stay readable. */
function packed(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    const told = messageSchema.safeParse(part)
    return told.success ? { ...told.data, text: textOf(told.data) } : part
  })
}

function unpacked(_: string, part: unknown): unknown {
  if (typeof part !== 'object' || part === null || !('values' in part) || !('text' in part)) return part
  const { text, ...rest } = part
  const told = messageSchema.safeParse(rest)
  return told.success ? told.data : said(String(text))
}

export function numberOf(id: string): number {
  return Number(id.slice('INC-'.length))
}

function idOf(number: number): string {
  return `INC-${number}`
}
