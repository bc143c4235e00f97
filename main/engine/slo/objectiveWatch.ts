import { type Message, message } from '../../../shared/messages/message.ts'
import type { BurnState, MinuteBucket, TenantMinutes } from '../../../shared/model/objective.ts'
import { inWords } from '../../../shared/model/phrases.ts'
import type { ObjectiveOptions } from '../../config/types.ts'
import {
  AlertTrail,
  type ChosenBucket,
  historyOf,
  type Minute,
  MINUTE_MS,
  MinuteLedger,
  minuteOf,
  stateOf,
} from '../../core/slo/index.ts'
import { SourceFailure } from '../../platform/failure.ts'
import { AbilityMissing } from '../../sources/metering/types.ts'
import type { KeptMinutes } from './kept.ts'
import type { MinuteSource } from './sources/source.ts'

/** Before anything is known this much is asked first, so that the alerts can be judged, ms. */
const FIRST_MS = 2 * 3_600_000
/** While the newest minute is not told yet, it is asked for again after this, ms. */
const BEHIND_MS = 10_000
const FAILED_MS = 15_000
const LACKING_MS = 5 * MINUTE_MS
/** Between two questions about the past, so that what is now comes first, ms. */
const PAUSE_MS = 200
const PAST_FAILED_MS = 60_000
/** Stretches of the past in a row in which nothing is known: the source tells no more. */
const SILENT_STRETCHES = 3

/** How far the past has been read. */
export interface PastReach {
  /** Asked back to here, ms. */
  readonly fromMs: number | null
  /** Back to where it is wanted, ms. */
  readonly wantedMs: number
  readonly done: boolean
}

export interface ObjectiveWatchOptions {
  readonly objective: ObjectiveOptions
  /** Asked each time: sources are replaced when the clock was set. Null: the section that it takes is missing. */
  readonly source: () => MinuteSource | null
  readonly kept: KeptMinutes
  readonly now: () => number
}

/** One objective: its minutes, the questions that bring them, and how it stands. */
export class ObjectiveWatch {
  readonly objective: ObjectiveOptions
  readonly #options: ObjectiveWatchOptions
  readonly #ledger: MinuteLedger
  readonly #trail: AlertTrail
  readonly #periodMinutes: number
  /** All before it was asked for, ms; null before the first answer. */
  #askedTo: number | null = null
  /** Minute from which on the past was asked for; null before that began. */
  #askedFrom: number | null = null
  #pastDone = false
  #silentStretches = 0
  #dueAt = Number.NEGATIVE_INFINITY
  #pastDueAt = Number.NEGATIVE_INFINITY
  #trouble: readonly Message[] = []
  #bucket: ChosenBucket | null = null
  #bounds: readonly number[] = []
  #changedFrom = Number.POSITIVE_INFINITY
  #unsaved: Minute[] = []
  #state: BurnState | null = null
  #judgedAt = Number.NEGATIVE_INFINITY

  constructor(options: ObjectiveWatchOptions) {
    this.#options = options
    this.objective = options.objective
    this.#periodMinutes = this.objective.windowDays * 1440
    this.#ledger = new MinuteLedger(this.#periodMinutes)
    this.#trail = new AlertTrail(this.objective, this.#ledger)
    this.#remember()
  }

  bounds(): readonly number[] {
    return this.#bounds
  }

  past(): PastReach {
    const wanted = this.#wantedFrom()
    const from = this.#askedFrom === null ? null : Math.max(this.#askedFrom, wanted) * MINUTE_MS
    return { fromMs: from, wantedMs: wanted * MINUTE_MS, done: this.#pastDone }
  }

  sourceName(): Message {
    return this.#options.source()?.name ?? this.#missing()
  }

  state(): BurnState {
    const now = this.#options.now()
    const nowMinute = minuteOf(now)
    const isNews = this.#changedFrom < Number.POSITIVE_INFINITY
    if (this.#state !== null && !isNews && minuteOf(this.#judgedAt) === nowMinute) return this.#state
    const end = this.#ledger.end ?? nowMinute
    const alert = this.#trail.at(end, this.#changedFrom)
    this.#changedFrom = Number.POSITIVE_INFINITY
    this.#judgedAt = now
    this.#state = stateOf(this.objective, this.#ledger, {
      now,
      alert,
      bucket: this.#bucket,
      trouble: this.#trouble,
      notes: this.#pastWords(),
    })
    return this.#state
  }

  minutes(fromMs: number, toMs: number): MinuteBucket[] {
    return this.#ledger.minutes(Math.ceil(fromMs / MINUTE_MS), Math.ceil(toMs / MINUTE_MS))
  }

  history(fromMs: number, toMs: number, maxPoints: number) {
    return historyOf(this.objective, this.#ledger, fromMs, toMs, maxPoints)
  }

  async byTenant(
    fromMs: number,
    toMs: number,
    signal: AbortSignal,
  ): Promise<readonly TenantMinutes[] | null> {
    const source = this.#options.source()
    if (source?.askByTenant === undefined) return null
    return source.askByTenant(wholeMinute(fromMs), wholeMinute(toMs), signal)
  }

  /** Time passes: minutes that no answer has told are given up. */
  tick(): void {
    const patience = this.#options.source()?.patienceMs ?? 3 * MINUTE_MS
    const before = this.#ledger.end
    const until = minuteOf(this.#options.now() - patience)
    if (before === null || until <= before) return
    this.#ledger.giveUp(until)
    this.#note(before)
  }

  /** Whether a question is due now. */
  isDue(): boolean {
    const now = this.#options.now()
    return now >= this.#dueAt || (this.#wantsPast() && now >= this.#pastDueAt)
  }

  /** Asks what is due: what is now first. Never rejects for what a source does. */
  async ask(signal: AbortSignal): Promise<void> {
    const source = this.#options.source()
    if (source === null) {
      this.#hold([this.#missing()], LACKING_MS)
      return
    }
    if (this.#options.now() >= this.#dueAt) await this.#askNewest(source, signal)
    else await this.#askPast(source, signal)
  }

  /** What was measured before this is different now. */
  corrected(fromMs: number): void {
    if (this.#askedTo === null) return
    const from = Math.max(wholeMinute(fromMs), wholeMinute(this.#options.now() - FIRST_MS))
    this.#askedTo = Math.min(this.#askedTo, from)
    this.#dueAt = Math.min(this.#dueAt, this.#options.now())
  }

  async #askNewest(source: MinuteSource, signal: AbortSignal): Promise<void> {
    const now = this.#options.now()
    const newest = wholeMinute(now - source.settleMs)
    const oldest = newest - Math.max(MINUTE_MS, Math.min(source.reachBackMs, this.#periodMinutes * MINUTE_MS))
    const wanted = this.#askedTo === null ? newest - FIRST_MS : this.#askedTo - source.repeatMs
    const from = Math.max(wholeMinute(wanted), oldest)
    const to = Math.min(newest, from + source.spanMs)
    if (to <= from) {
      this.#dueAt = nextMinute(now) + source.settleMs
      return
    }
    try {
      const answer = await source.ask(from, to, signal)
      this.#trouble = answer.trouble
      if (answer.bucket !== undefined && (answer.bounds?.length ?? 0) > 0) {
        this.#bucket = answer.bucket
        this.#bounds = answer.bounds ?? []
      }
      this.#take(answer.minutes)
      // Also where it told the same again: an alert is followed from here on.
      this.#note(minuteOf(from))
      const told = Math.min(to, answer.toldUntil)
      this.#askedTo = Math.max(this.#askedTo ?? from, told)
      this.#askedFrom ??= minuteOf(from)
      this.#save()
      const isBehind = told < newest
      this.#dueAt = !isBehind
        ? nextMinute(now) + source.settleMs
        : to < newest && told === to
          ? now
          : now + BEHIND_MS
      // Judged again: trouble may have come or gone.
      this.#state = null
    } catch (error) {
      this.#fail(error, signal)
    }
  }

  async #askPast(source: MinuteSource, signal: AbortSignal): Promise<void> {
    const end = this.#askedFrom
    if (end === null) return
    const now = this.#options.now()
    const reach = Math.max(this.#wantedFrom(), minuteOf(now - Math.min(source.reachBackMs, now)) + 1)
    const from = Math.max(reach, end - source.spanMs / MINUTE_MS)
    if (from >= end) {
      this.#pastDone = true
      return
    }
    try {
      const answer = await source.ask(from * MINUTE_MS, end * MINUTE_MS, signal)
      const isSilent = answer.minutes.every(({ known }) => known <= 0)
      this.#silentStretches = isSilent ? this.#silentStretches + 1 : 0
      this.#take(answer.minutes)
      this.#askedFrom = from
      this.#pastDone = from <= this.#wantedFrom() || this.#silentStretches >= SILENT_STRETCHES
      // Alerts are followed through the past once, when it is whole: not with each stretch of it.
      if (this.#pastDone) this.#note(0)
      this.#save()
      this.#pastDueAt = this.#options.now() + PAUSE_MS
      this.#state = null
    } catch (error) {
      if (!isOfSource(error) && !signal.aborted) throw error
      this.#pastDueAt = this.#options.now() + PAST_FAILED_MS
    }
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return
    if (error instanceof AbilityMissing) {
      this.#hold([message('slo.source.lacks', { text: error.message })], LACKING_MS)
    } else if (error instanceof SourceFailure) {
      this.#hold([message('slo.source.failing', { text: error.failure.text })], FAILED_MS)
    } else throw error
  }

  #hold(trouble: readonly Message[], forMs: number): void {
    this.#trouble = trouble
    this.#state = null
    this.#dueAt = this.#options.now() + forMs
  }

  #take(minutes: readonly Minute[]): void {
    this.#unsaved.push(...this.#ledger.put(minutes))
  }

  #note(minute: number): void {
    this.#changedFrom = Math.min(this.#changedFrom, minute)
  }

  #save(): void {
    if (this.#unsaved.length > this.#periodMinutes) this.#unsaved = this.#unsaved.slice(-this.#periodMinutes)
    const nowMinute = minuteOf(this.#options.now())
    if (this.#options.kept.save(this.#unsaved, this.#askedFrom, nowMinute)) this.#unsaved = []
  }

  /** What an engine before this one has measured. */
  #remember(): void {
    const { minutes, askedFrom } = this.#options.kept.load(this.#wantedFrom(), minuteOf(this.#options.now()))
    this.#ledger.put(minutes)
    const newest = minutes.at(-1)
    if (newest === undefined) return
    this.#askedTo = newest.at + MINUTE_MS
    this.#askedFrom = askedFrom ?? minuteOf(minutes[0]?.at ?? newest.at)
    this.#note(0)
  }

  #wantedFrom(): number {
    return minuteOf(this.#options.now()) - this.#periodMinutes
  }

  #wantsPast(): boolean {
    if (this.#pastDone || this.#askedFrom === null) return false
    if (this.#askedFrom > this.#wantedFrom()) return (this.#options.source()?.reachBackMs ?? 0) > 0
    this.#pastDone = true
    return false
  }

  #pastWords(): Message[] {
    const { fromMs, wantedMs } = this.past()
    if (fromMs === null || !this.#wantsPast()) return []
    const now = this.#options.now()
    return [message('slo.source.filling', { known: inWords(now - fromMs), wanted: inWords(now - wantedMs) })]
  }

  #missing(): Message {
    const section = { metering: 'metering', servers: 'inference', promql: 'prometheus' } as const
    return message('slo.source.missing', { section: section[this.objective.source] })
  }
}

function isOfSource(error: unknown): boolean {
  return error instanceof SourceFailure || error instanceof AbilityMissing
}

function wholeMinute(ms: number): number {
  return minuteOf(ms) * MINUTE_MS
}

function nextMinute(ms: number): number {
  return wholeMinute(ms) + MINUTE_MS
}
