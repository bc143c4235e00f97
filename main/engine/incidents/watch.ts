import { type Message, message } from '../../../shared/messages/message.ts'
import type { Incident, NamedPerson, TimelineEntry } from '../../../shared/model/incident.ts'
import type { IncidentItem, IncidentRow, IncidentsItem } from '../../../shared/contract/incidents.ts'
import { IncidentBook } from '../../core/incidents/book.ts'
import { burnTriggers } from '../../core/incidents/burnTriggers.ts'
import { findingTriggers } from '../../core/incidents/findingTriggers.ts'
import { unknownBy } from '../../core/incidents/judging.ts'
import type { Change, IncidentAct, NewEntry } from '../../core/incidents/types.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { type Database, type Store, StoreFailure } from '../../store/index.ts'
import { Refusal } from '../session/refusal.ts'
import type { SloWatch } from '../slo/types.ts'
import type { Site } from '../site/types.ts'
import { adopted } from './adopt.ts'
import { entriesSaved, loadIncidents, MOST_ENTRIES, readIncident, saveChanges } from './records.ts'

/** The incidents of one site: seen by the engine, handled by people, kept in the site's store. */
export interface IncidentWatch {
  /** After each cut of the site; looks about once a second. `slo` is null while objectives are not watched. */
  look(site: SeenSite, slo: SeenSlo | null): void
  list(): IncidentsItem
  incident(id: string): IncidentItem
  /**
   * What a person does. It has reached the disk on return; where there is a store that cannot be written it is refused.
   * @param alsoWrite runs in the same transaction, such as an entry of the audit
   * @throws Refusal
   */
  act(id: string, act: IncidentAct, by: NamedPerson, alsoWrite?: (db: Database) => void): void
  /**
   * A further line of a timeline, such as of a throttle.
   * @returns false where there is no such incident
   */
  addEntry(id: string, entry: NewEntry): boolean
}

/** What the watch reads of a site. */
export type SeenSite = Pick<Site, 'fleet' | 'findings' | 'sources'>
export type SeenSlo = Pick<SloWatch, 'objectives' | 'states'>

export interface IncidentWatchOptions {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  /** Only the console of this engine's own window sees them. */
  readonly alone: boolean
}

/** A little less than a second, so that a cut a second looks each time. */
const LOOK_EVERY_MS = 950
/** How often what could not be written down is tried again, ms. */
const SAVE_AGAIN_MS = 5_000
/** Resolved incidents that the list still shows. */
const SHOWN_MS = 14 * 86_400_000
const MOST_RESOLVED = 200

export function watchIncidents(options: IncidentWatchOptions): IncidentWatch {
  return new Watch(options)
}

class Watch implements IncidentWatch {
  readonly #store: Store
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #alone: boolean
  #book = new IncidentBook()
  #timelines = new Map<string, TimelineEntry[]>()
  /** Incidents whose newest state or lines are not written down. */
  readonly #unsaved = new Set<string>()
  #loaded = false
  #unreadable: readonly string[] = []
  #lookedAt = Number.NEGATIVE_INFINITY
  #saveAt = Number.NEGATIVE_INFINITY

  constructor({ store, clock, logger, alone }: IncidentWatchOptions) {
    this.#store = store
    this.#clock = clock
    this.#logger = logger
    this.#alone = alone
    this.#load()
  }

  look(site: SeenSite, slo: SeenSlo | null): void {
    const monotonic = this.#clock.monotonic()
    if (monotonic - this.#lookedAt < LOOK_EVERY_MS) return
    this.#lookedAt = monotonic
    this.#load()
    const at = this.#clock.now()
    const { fleet } = site
    const topology = fleet.topology()
    const frame = fleet.frame([])
    const burns = slo?.states() ?? []
    const { findings } = site.findings()
    const triggers = [
      ...burnTriggers(slo?.objectives() ?? [], burns),
      ...findingTriggers({ findings, topology, frame }, this.#hostsOfOpen()),
    ]
    const unknownOf = unknownBy({ topology, frame, sources: site.sources(), burns })
    const changes = this.#book.look({ triggers, unknownOf, at, monotonic })
    for (const change of changes) this.#take(change)
    this.#save(changes, monotonic)
    this.#book.forgetResolvedBefore(at - SHOWN_MS)
  }

  list(): IncidentsItem {
    const incidents = this.#book.list().map(({ incident }) => incident)
    const open = incidents.filter(({ state }) => state !== 'resolved')
    const resolved = incidents
      .filter(({ state }) => state === 'resolved')
      .toSorted((a, b) => (b.resolvedAt ?? 0) - (a.resolvedAt ?? 0))
      .slice(0, MOST_RESOLVED)
    return {
      at: this.#clock.now(),
      alone: this.#alone,
      notKept: this.#notKept(),
      unreadable: this.#unreadable.length,
      incidents: [...open.toSorted(byUrgency), ...resolved].map(rowOf),
    }
  }

  incident(id: string): IncidentItem {
    const at = this.#clock.now()
    const kept = this.#book.get(id)
    if (kept !== undefined)
      return {
        at,
        incident: kept.incident,
        entries: this.#timelines.get(id) ?? [],
        kept: !this.#unsaved.has(id),
      }
    const db = this.#store.database()
    const read = db === null ? null : readIncident(db, id)
    return { at, incident: read?.incident ?? null, entries: [...(read?.entries ?? [])], kept: true }
  }

  act(id: string, act: IncidentAct, by: NamedPerson, alsoWrite?: (db: Database) => void): void {
    this.#bringBack(id)
    const outcome = this.#book.act(id, act, by, this.#clock.now())
    if ('refused' in outcome) throw new Refusal('failed', outcome.refused, outcome.nextStep)
    this.#keepOrRefuse(outcome.change, alsoWrite)
  }

  addEntry(id: string, entry: NewEntry): boolean {
    this.#bringBack(id)
    const change = this.#book.entry(id, entry, this.#clock.now())
    if (change === null) return false
    this.#take(change)
    this.#save([change], this.#clock.monotonic())
    return true
  }

  #hostsOfOpen(): Map<string, readonly string[]> {
    const open = this.#book.list().filter(({ incident }) => incident.state === 'open')
    return new Map(open.map(({ incident, hosts }) => [incident.cause, hosts]))
  }

  /** Once there is a store, what it has; it may come late, and then joins what was seen meanwhile. */
  #load(): void {
    if (this.#loaded) return
    const db = this.#store.database()
    if (db === null) return
    try {
      const loaded = loadIncidents(db, this.#clock.now() - SHOWN_MS, MOST_RESOLVED)
      const { kept, timelines, highest, renumbered } = adopted(loaded, this.#book.list(), this.#timelines)
      this.#book = new IncidentBook(kept, highest)
      this.#timelines = timelines
      this.#unsaved.clear()
      for (const id of renumbered) this.#unsaved.add(id)
      this.#unreadable = loaded.unreadable
      if (loaded.unreadable.length > 0)
        this.#logger.error({ incidents: loaded.unreadable }, 'records of incidents are damaged')
      this.#loaded = true
    } catch (error) {
      this.#logger.error({ err: error }, 'incidents could not be read from the store')
    }
  }

  /** An incident that is read from the store only, because it was resolved long ago. */
  #bringBack(id: string): void {
    if (this.#book.get(id) !== undefined) return
    const db = this.#store.database()
    const read = db === null ? null : readIncident(db, id)
    if (read === null) return
    this.#book.take({ incident: read.incident, hosts: read.incident.hostNames, entries: [] })
    this.#timelines.set(id, [...read.entries])
  }

  #take(change: Change): void {
    const { id } = change.incident
    this.#book.take(change)
    const timeline = this.#timelines.get(id) ?? []
    timeline.push(...change.entries)
    if (timeline.length > MOST_ENTRIES) timeline.splice(0, timeline.length - MOST_ENTRIES)
    this.#timelines.set(id, timeline)
  }

  /** A person is told whether it was kept; where nothing is kept at all, that stands on the screen. */
  #keepOrRefuse(change: Change, alsoWrite?: (db: Database) => void): void {
    if (this.#store.database() !== null) {
      try {
        this.#store.write(true, (db) => {
          this.#catchUp(db)
          saveChanges(db, [change])
          alsoWrite?.(db)
        })
      } catch (error) {
        if (!(error instanceof StoreFailure)) throw error
        throw new Refusal(
          'failed',
          message('incidents.refused.notWritten', { why: error.reason }),
          message('incidents.refused.notWritten.next'),
        )
      }
      this.#unsaved.clear()
    } else this.#unsaved.add(change.incident.id)
    this.#take(change)
  }

  /** What the engine saw has happened, written down or not. */
  #save(changes: readonly Change[], monotonic: number): void {
    const due = changes.length > 0 || (this.#unsaved.size > 0 && monotonic >= this.#saveAt)
    if (!due) return
    for (const { incident } of changes) this.#unsaved.add(incident.id)
    if (this.#store.database() === null) return
    this.#saveAt = monotonic + SAVE_AGAIN_MS
    try {
      this.#store.write(true, (db) => this.#catchUp(db))
      this.#unsaved.clear()
    } catch (error) {
      // Said by the store's own health; anything else is a defect.
      if (!(error instanceof StoreFailure))
        this.#logger.error({ err: error }, 'incidents could not be written')
    }
  }

  /** Writes down whatever of the unsaved ones is not there yet. */
  #catchUp(db: Database): void {
    const changes = [...this.#unsaved].flatMap((id): Change[] => {
      const kept = this.#book.get(id)
      if (kept === undefined) return []
      const saved = entriesSaved(db, id)
      const entries = (this.#timelines.get(id) ?? []).filter(({ seq }) => seq > saved)
      return [{ ...kept, entries }]
    })
    saveChanges(db, changes)
  }

  #notKept(): Message | null {
    const health = this.#store.health()
    if (health.state !== 'open') return health.message
    return this.#unsaved.size > 0 ? message('incidents.notWritten', { count: this.#unsaved.size }) : null
  }
}

/** What nobody has taken on first, then by priority, then the newest. */
function byUrgency(a: Incident, b: Incident): number {
  return (
    Number(a.state !== 'open') - Number(b.state !== 'open') ||
    a.priority - b.priority ||
    Number(a.acknowledged !== null) - Number(b.acknowledged !== null) ||
    b.openedAt - a.openedAt
  )
}

/** What the list does not show is taken out, of this object alone. */
function rowOf(incident: Incident): IncidentRow {
  const row: Partial<Incident> = { ...incident }
  for (const name of ['facts', 'nextStep', 'hostNames'] as const) delete row[name]
  return row as IncidentRow
}
