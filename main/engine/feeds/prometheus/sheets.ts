import { WHO_SERIES } from '../../../core/fleet/index.ts'
import type { LiveFleet, SeriesIdentity, Speaker, Unread } from '../../../core/fleet/types.ts'
import { isComplete, type Completeness } from '../../../core/observation.ts'
import { seriesKey } from '../../../sources/prometheus/identityKey.ts'
import { SHARE_LABEL } from '../../../sources/prometheus/queries.ts'
import { STRANGER } from '../../../sources/prometheus/vectorReader.ts'
import { type Identities, type Identity, type Labels, withoutUser } from './identities.ts'
import {
  addCell,
  admits,
  type Cell,
  type Column,
  type ColumnAnswer,
  extraOf,
  forget,
  newColumn,
  newSheet,
  type Place,
  type Question,
  removeCells,
  type SampleTimes,
  setCell,
  type Sheet,
} from './sheet.ts'
import { sourceOf } from './sourceName.ts'

const ROWS_A_STEP = 512
/** One Prometheus answers for all of its targets. */
export const SPEAKER: Speaker = { name: 'Prometheus', scope: 'floor' }

/** Exporter targets that Prometheus reaches, and when it said so, ms. */
export interface Answering {
  readonly answering: ReadonlySet<string>
  readonly at: number
}

const NONE_ANSWERS: Answering = { answering: new Set(), at: 0 }

const REPLACED = 'its GPUs are not in the answer, and others are that are not known yet'

/** How often a group of questions is asked. */
export interface Pace {
  /** Tells the group apart from others to the same source. */
  readonly name: string
  /** It is not asked oftener than this, ms. */
  readonly everyMs: number
}

/**
 * Turns the columns that Prometheus answers (one question, the whole floor) into what the fleet takes in: one source
 * per exporter target, so that a target which Prometheus cannot reach ages as a whole instead of reading as absent.
 */
export class Sheets {
  readonly #fleet: LiveFleet
  readonly #pace: Pace
  readonly #sheets = new Map<string, Sheet>()
  readonly #columns = new Map<string, Column>()
  #identities: Identities
  #unknown = 0
  /** Rows of GPUs came that who is who, as it was learnt last, does not name. */
  #strangers = false
  #returned = new Set<string>()
  /** Questions that were answered wholly since the last ingest. */
  readonly #read = new Set<string>()
  /** Targets whose answers take nothing back, and why. */
  #withheld: ReadonlyMap<string, string> = new Map()
  /** How many GPUs and MIG instances each target names. */
  #named: ReadonlyMap<string, number>

  constructor(fleet: LiveFleet, identities: Identities, pace: Pace) {
    this.#fleet = fleet
    this.#pace = pace
    this.#identities = identities
    this.#named = countByInstance(identities)
  }

  /** Rows since the last call whose GPU is not known, or that are gone: who is who should be learnt again. */
  takeUnknown(): number {
    const unknown = this.#unknown
    this.#unknown = 0
    return unknown
  }

  /** GPUs and MIG instances that are named, and of which no question of this group was answered yet. */
  unheard(): number {
    let heard = 0
    for (const { keys } of this.#sheets.values()) heard += keys.size
    return this.#identities.byKey.size - heard
  }

  /**
   * Puts one answer in. What an earlier answer had and a complete one lacks becomes NaN. A question that failed must not
   * be put in at all: its figures then keep their time, and age; so do those that a partial answer lacks. In steps: the
   * fleet sees nothing of it before it is ingested.
   */
  *put(
    question: Question,
    answer: ColumnAnswer,
    times: SampleTimes,
    complete: boolean,
  ): Generator<void, void> {
    if (complete) this.#read.add(question.id)
    const column = this.#columnOf(question)
    if (column.series !== answer.series) yield* this.#match(column, question, answer)
    // A pod that left its GPU has no share any more; one that is missing would keep the others from being added up.
    if (complete && question.extraLabels.includes(SHARE_LABEL)) this.#drop(column)
    if (complete) for (const place of column.missing) setCell(place, Number.NaN, times)
    for (let i = 0; i < column.rows.length; i++) {
      if (i % ROWS_A_STEP === 0) yield
      const place = column.rows[i]
      if (place) setCell(place, answer.values[i] ?? Number.NaN, times)
      // What nothing names is a doubt of its own. A target without a sample has no row: its GPU answers elsewhere now.
      if (!place || !times.has(place.sheet.instance)) this.#unknown += 1
      if (!place) this.#strangers = true
    }
    this.#unknown -= column.nameless
  }

  /**
   * Passes on what the columns hold, for every target that has a sample time, in steps.
   * Figures of questions that were not answered wholly since the last time are passed on as not read.
   * @param complete whether who is who was answered wholly, so that a GPU which it does not name is gone
   * @param cadenceOf learnt pause between the samples of a target, ms; null while it is not known
   * @param why some question was not answered wholly, in a few words
   */
  *ingest(
    times: SampleTimes,
    complete: Completeness,
    cadenceOf: (instance: string) => number | null,
    why = 'not answered',
  ): Generator<void, void> {
    const whole = [...this.#columns.keys()].every((id) => this.#read.has(id))
    for (const sheet of this.#sheets.values()) {
      yield
      const at = times.get(sheet.instance)
      if (at === undefined) continue
      sheet.observed = true
      sheet.told ??= [...sheet.series, ...this.#sharersOf(sheet)]
      sheet.cadence.note(at)
      const replaced = this.#replacedWhy(sheet, at)
      const withheld = this.#withheld.get(sheet.instance) ?? replaced
      const unheard = !whole && sheet.keys.size < (this.#named.get(sheet.instance) ?? 0)
      const cadenceMs = Math.max(this.#pace.everyMs, cadenceOf(sheet.instance) ?? 0, sheet.cadence.ms ?? 0)
      yield* this.#fleet.observing({
        source: sheet.source,
        sampledAt: at,
        cadenceMs,
        // GPUs of which no figure was answered yet are not among the series, and are there all the same.
        complete: withheld !== undefined ? { why: withheld } : unheard ? { why } : complete,
        rows: {
          speaker: SPEAKER,
          question: this.#pace.name,
          series: sheet.told,
          values: sheet.values,
          sampledAt: sheet.times,
          // What is withheld takes nothing back, whichever questions were answered.
          ...((whole && isComplete(complete)) || withheld !== undefined
            ? {}
            : { unread: this.#unreadOf(sheet, why) }),
        },
      })
    }
    this.#read.clear()
  }

  /**
   * Where none of a target's GPUs is answered, and others are that are not known yet, it may answer for another machine
   * now. Who is who is asked early then; until it tells, nothing is gone.
   */
  #replacedWhy(sheet: Sheet, at: number): string | undefined {
    const { cells, values, times, instance } = sheet
    const isAnswered = cells.some((_, i) => times[i] === at && !Number.isNaN(values[i]))
    if (isAnswered && sheet.replaced) this.#returned.add(instance)
    if (isAnswered) sheet.replaced = false
    else if (this.#strangers && cells.length > 0) sheet.replaced = true
    return sheet.replaced && this.#strangers ? REPLACED : undefined
  }

  /** Targets whose GPUs came back after others had been answered in their place, since this was last asked. */
  takeReturned(): ReadonlySet<string> {
    const returned = this.#returned
    this.#returned = new Set()
    return returned
  }

  /** From now on the answers of these targets take nothing back. @param whys in a few words, by target */
  withhold(whys: ReadonlyMap<string, string>): void {
    this.#withheld = whys
  }

  /** Targets of which Prometheus has no current sample leave the feed. */
  releaseLost(times: SampleTimes): void {
    for (const sheet of this.#sheets.values()) {
      if (!times.has(sheet.instance)) this.#release(sheet, 'Prometheus has no current sample of it')
    }
  }

  /** Who is who was learnt again: targets whose GPUs changed are bound again, with the figures they have; in steps. */
  *relabel(identities: Identities, exporters: Answering = NONE_ANSWERS): Generator<void, void> {
    const before = this.#identities
    this.#identities = identities
    this.#strangers = false
    this.#named = countByInstance(identities)
    for (const column of this.#columns.values()) column.series = null
    // A copy, because a rebuilt sheet comes back under its own name.
    const sheets = [...this.#sheets]
    for (const [source, sheet] of sheets) {
      yield
      const same = before.signatures.get(sheet.instance) === identities.signatures.get(sheet.instance)
      if (same && before.cut === identities.cut) continue
      this.#sheets.delete(source)
      yield* this.#rebuild(sheet, exporters)
    }
  }

  /** Nothing is fed from here any more; what stands on the floor ages. `why` in a few words, where it is a failure. */
  release(why?: string): void {
    for (const sheet of this.#sheets.values()) this.#release(sheet, why, true)
    this.#read.clear()
  }

  #unreadOf({ cells }: Sheet, why: string): Unread {
    return { rows: Uint8Array.from(cells, ({ question }) => (this.#read.has(question.id) ? 0 : 1)), why }
  }

  #columnOf(question: Question): Column {
    const known = this.#columns.get(question.id)
    if (known) return known
    const column = newColumn()
    this.#columns.set(question.id, column)
    return column
  }

  *#match(column: Column, question: Question, answer: ColumnAnswer): Generator<void, void> {
    const seen = new Set<Place>()
    column.nameless = 0
    const rows: (Place | null)[] = []
    for (const series of answer.series) {
      if (rows.length % ROWS_A_STEP === 0) yield
      if (series !== STRANGER && seriesKey(series.labels, this.#identities.cut) === '') column.nameless += 1
      const place = series === STRANGER ? null : this.#placeOf(column, question, series.labels)
      if (place) seen.add(place)
      rows.push(place)
    }
    column.rows = rows
    const before = column.missing.length
    column.missing = [...column.places.values()].filter((place) => !seen.has(place))
    // Why rows are gone may stand in the labels of those that are left.
    if (column.missing.length > before) this.#unknown += column.missing.length - before
    column.series = answer.series
  }

  #drop(column: Column): void {
    if (column.missing.length === 0) return
    // A GPU without any share left has been read as having no figure, which is said by its last cell.
    const keyOf = (place: Place | null): string => place?.sheet.cells[place.index]?.key ?? ''
    const shown = new Set(column.rows.map(keyOf))
    const gone = new Set(column.missing.filter((place) => shown.has(keyOf(place))))
    if (gone.size === 0) return
    column.missing = column.missing.filter((place) => !gone.has(place))
    for (const sheet of new Set([...gone].map((place) => place.sheet))) {
      removeCells(sheet, gone, (question) => this.#columnOf(question))
    }
  }

  /** Everyone else who uses the GPUs of a sheet, without figures. */
  #sharersOf(sheet: Sheet): SeriesIdentity[] {
    const keys = new Set(sheet.cells.map(({ key }) => key))
    return [...keys].flatMap((key) =>
      (this.#identities.byKey.get(key)?.sharers ?? []).map((labels) => ({ name: WHO_SERIES, labels })),
    )
  }

  #placeOf(column: Column, question: Question, labels: Labels): Place | null {
    const read = seriesKey(labels, this.#identities.cut)
    // The same text for all columns: each of them reads it again, and there are dozens of a large floor.
    const key = this.#identities.byKey.get(read)?.key ?? read
    const extra = extraOf(labels, question)
    const rowKey = extra ? `${key} ${[...extra.values()].join(' ')}` : key
    return column.places.get(rowKey) ?? this.#add(column, { question, key, rowKey, extra })
  }

  /** The same figures under new labels; what belongs to another target now, or to none, stays behind. */
  *#rebuild(old: Sheet, exporters: Answering): Generator<void, void> {
    // Whoever releases all sheets on the way finds it, and has not to be undone.
    const next = this.#sheetOf(old.instance)
    next.observed = old.observed
    for (const [i, cell] of old.cells.entries()) {
      if (i % ROWS_A_STEP === ROWS_A_STEP - 1) yield
      const column = this.#columnOf(cell.question)
      forget(column, cell)
      if (this.#identities.byKey.get(cell.key)?.instance !== old.instance) continue
      const place = this.#add(column, cell)
      if (!place) continue
      place.sheet.values[place.index] = old.values[i] ?? Number.NaN
      place.sheet.times[place.index] = old.times[i] ?? Number.NaN
    }
    if (next.cells.length > 0) return
    this.#sheets.delete(next.source)
    if (exporters.answering.has(next.instance) && next.observed === old.observed)
      this.#empty(next, exporters.at)
    else this.#release(next)
  }

  /** The exporter answers, and names none of the GPUs that it had: they are gone from it. */
  #empty(sheet: Sheet, at: number): void {
    this.#fleet.observe({
      source: sheet.source,
      sampledAt: at,
      cadenceMs: sheet.cadence.ms,
      complete: true,
      rows: { speaker: SPEAKER, question: this.#pace.name, series: [], values: new Float64Array(0) },
    })
  }

  #add(column: Column, cell: Cell): Place | null {
    const identity = this.#identities.byKey.get(cell.key)
    if (!identity) return null
    if (!admits(column, cell)) return null
    return addCell(column, this.#sheetOf(identity.instance), cell, this.#labelsOf(cell, identity))
  }

  #labelsOf({ extra }: Cell, identity: Identity): Labels {
    if (extra === null) return identity.labels
    const share = extra.get(SHARE_LABEL)
    if (share === undefined) return new Map([...identity.labels, ...extra])
    if (share === '') return identity.labels
    const user = [identity.labels, ...identity.sharers].find((labels) => labels.get(SHARE_LABEL) === share)
    if (user) return user
    // A pod that is not known by name yet.
    this.#unknown += 1
    return new Map([...withoutUser(identity.labels), ...extra])
  }

  #sheetOf(instance: string): Sheet {
    const source = sourceOf(instance)
    const known = this.#sheets.get(source)
    if (known) return known
    const sheet = newSheet(source, instance)
    this.#sheets.set(source, sheet)
    return sheet
  }

  /** @param turned nothing is known of the exporter: the floor is fed by another way, or Prometheus fails */
  #release(sheet: Sheet, why?: string, turned = false): void {
    if (!sheet.observed) return
    this.#fleet.release(sheet.source, why, turned)
    sheet.observed = false
  }
}

function countByInstance({ byKey }: Identities): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { instance } of byKey.values()) counts.set(instance, (counts.get(instance) ?? 0) + 1)
  return counts
}
