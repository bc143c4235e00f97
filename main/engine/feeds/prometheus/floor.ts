import { SourceFailure } from '../../../platform/failure.ts'
import type { SilentSource } from '../../../core/fleet/types.ts'
import {
  type Answered,
  STRANGER,
  exporterQuery,
  identityQuery,
  type Vector,
  type VectorReader,
} from '../../../sources/prometheus/index.ts'
import { USUAL_CADENCE_MS } from '../../../core/cadence.ts'
import { isComplete, type Completeness } from '../../../core/observation.ts'
import { Ages } from './ages.ts'
import { partialDoubts, unnamedDoubts } from './doubts.ts'
import { answeringOf, type Exporters, NO_EXPORTERS, readExporters, unreachedDoubts } from './exporters.ts'
import { askFrozen, Freezes } from './freezes.ts'
import { type Identities, learnIdentities, NO_IDENTITIES } from './identities.ts'
import { FAST_QUESTIONS, type FloorQuestion, isSlowDue, SLOW_QUESTIONS } from './questions.ts'
import type { FloorOptions, Refresh, Round } from './refresh.ts'
import type { Sampled } from './sampleClock.ts'
import { Sheets } from './sheets.ts'
import { sourceOf } from './sourceName.ts'
import {
  type Checked,
  completenessOf,
  firstWhy,
  judge,
  judgement,
  type Outcome,
  type SlowRound,
  textOf,
} from './outcome.ts'
import { settledAtMost } from '../../../platform/settledAtMost.ts'
import { noneOf } from '../../../platform/promql.ts'
import { inTurns, Turn } from '../../../platform/turn.ts'
import { narrowReader, targetReader } from './answers.ts'
import { supersededTargets } from './superseded.ts'
import { identitiesOf, TargetsInTurn } from './targetsInTurn.ts'
import { admittedRows, refusedTargetsDoubts, TargetGate } from './targets.ts'
import { Wholeness } from './wholeness.ts'

/** Unknown GPUs ask for an early look at who is who, but not oftener than this, ms. */
const EARLY_IDENTITY_MS = 10_000
const MAX_WARNINGS = 12
/** Answers longer than this, bytes, are asked for a few at a time: each stands in memory twice while it is read. */
const LONG_ANSWER = 2 * 1024 * 1024
const MOST_LONG = 2
/** The question that says which GPUs there are. */
const WHO_IS_WHO = { id: 'identity', title: 'Who is who' }
const NO_SERIES = 'Prometheus has no GPU series'

/**
 * The floor as Prometheus shows it: how old its samples are, who is who (slowly), and the figures through narrow
 * questions, each of them the whole floor in one column.
 */
export class PrometheusFloor {
  readonly #options: FloorOptions
  readonly #readers = new Map<string, VectorReader>()
  readonly #gates = new Map<string, TargetGate>()
  readonly #ages: Ages
  readonly #fast: Sheets
  readonly #slow: Sheets
  readonly #freezes: Freezes
  readonly #wholeness = new Wholeness()
  readonly #inTurn = new TargetsInTurn()
  /** For the questions about figures: the configured matchers, without targets that others have taken the place of. */
  #figuresOf = ''
  #identities: Identities = NO_IDENTITIES
  #identityAt = Number.NEGATIVE_INFINITY
  #identityWarnings: readonly string[] = []
  /** Targets that the last look at who is who was refused. */
  #refusedTargets = 0
  #identityComplete: Completeness = { why: 'who is who has not been asked yet' }
  #exporters: Exporters = NO_EXPORTERS
  #forceWhole = false
  /** The slow questions are due, whatever was asked before. */
  #asksAll = false
  #slowRound: SlowRound | null = null
  #refreshes = 0
  /** Body bytes of the longest answer to a question of the floor. */
  #longest = 0

  constructor(options: FloorOptions) {
    const { fleet, matchers, clock, refreshMs, slowEvery } = options
    this.#options = options
    this.#figuresOf = matchers
    this.#ages = new Ages(matchers, () => clock.now())
    this.#fast = new Sheets(fleet, NO_IDENTITIES, { name: 'fast', everyMs: 0 })
    this.#slow = new Sheets(fleet, NO_IDENTITIES, { name: 'slow', everyMs: slowEvery * refreshMs })
    this.#freezes = new Freezes(fleet)
  }

  /** How often Prometheus has a new sample of its fastest target, ms; null while that is not known. */
  get cadenceMs(): number | null {
    return this.#ages.shortestCadenceMs
  }

  /**
   * A look from the side while the other way feeds: how old the samples are, and whether a column of the floor comes
   * too, because a back end that answers only small questions could not feed.
   * @throws SourceFailure
   */
  async watch(signal: AbortSignal): Promise<Sampled> {
    const ask = this.#asking(signal)
    const sampled = await this.#ages.read(ask)
    // How old is too old depends on how often there is a sample.
    if (sampled.dataAgeMs !== null && this.cadenceMs === null)
      await this.#ages.learn(ask, new Set(sampled.times.keys()))
    const [question] = FAST_QUESTIONS
    if (question && sampled.dataAgeMs !== null) {
      await this.#ask(question.id, question.promql(this.#figuresOf, this.#identities.cut), signal)
    }
    return sampled
  }

  /**
   * One whole refresh.
   * @throws SourceFailure when nothing useful was answered
   */
  async refresh(signal: AbortSignal): Promise<Refresh> {
    const { clock, slowEvery } = this.#options
    const ask = this.#asking(signal)
    const ages = await this.#ages.read(ask)
    if (ages.dataAgeMs === null) {
      const why = this.#ages.clockRefusal ?? NO_SERIES
      const nothing = { rows: 0, warnings: [], doubts: [], complete: { why } }
      return { ...ages, ...nothing, ingest: async () => this.release(why) }
    }
    if (this.#learnsFirst()) await this.#learn(signal, ages.times)
    if (this.#asksAll || isSlowDue(this.#refreshes, slowEvery))
      this.#slowRound ??= { left: [...SLOW_QUESTIONS], lacking: [] }
    this.#asksAll = false
    const startedAt = clock.monotonic()
    const fast = await this.#answers(FAST_QUESTIONS, signal)
    const outcome = judgement()
    this.#judge(outcome, FAST_QUESTIONS, fast)
    if (outcome.columns.length === 0 && outcome.failure !== null) throw outcome.failure
    this.#refreshes += 1
    const agesComplete: Completeness = ages.partial
      ? { why: ages.warnings.at(-1) ?? 'ages are partial' }
      : true
    const named = firstWhy(agesComplete, this.#identityComplete)
    const exporters = unreachedDoubts(this.#exporters, ages.times)
    const round: Round = { signal, ages, outcome, named, ...exporters, startedAt, turn: new Turn() }
    const refresh: Refresh = {
      ...ages,
      ...this.#told(round),
      ingest: async (goesOn) => {
        await this.#ingest(round, goesOn)
        Object.assign(refresh, this.#told(round))
      },
    }
    return refresh
  }

  /** What a round has brought so far, for the health of the source. */
  #told({
    ages,
    outcome,
    named,
    doubts,
  }: Round): Omit<Refresh, keyof Sampled | 'ingest'> & Pick<Refresh, 'warnings'> {
    const warnings = new Set([...ages.warnings, ...this.#identityWarnings, ...outcome.warnings])
    return {
      bytes: ages.bytes + outcome.bytes,
      rows: outcome.rows,
      complete: firstWhy(named, completenessOf(outcome)),
      doubts: [
        ...doubts,
        ...unnamedDoubts(this.#identities),
        ...partialDoubts(named, outcome.lacking),
        ...refusedTargetsDoubts(this.#refusedTargets),
        ...this.#inTurn.doubts(),
      ],
      warnings: [...warnings].slice(0, MAX_WARNINGS),
    }
  }

  async #ingest(round: Round, goesOn: () => boolean): Promise<void> {
    const { signal, ages, outcome, named, unreached } = round
    const { clock, fleet } = this.#options
    await this.#put(this.#fast, round, goesOn)
    if (!goesOn()) return
    if (!ages.partial) {
      this.#fast.releaseLost(ages.times)
      this.#slow.releaseLost(ages.times)
    }
    await this.#pass(this.#fast, round, outcome.lacking[0], goesOn)
    if (this.#slowRound !== null) await this.#goOnSlowly(this.#slowRound, round, goesOn)
    if (!goesOn()) return
    const everyNamed = this.#identities.unnamed === 0
    const everyHeard = isComplete(completenessOf(outcome)) || this.#fast.unheard() === 0
    if (isComplete(named) && everyHeard && everyNamed && !this.#exporters.partial)
      fleet.callRoll(clock.now(), unreached.map(silentSource))
    if (this.#identityDue(clock.monotonic())) await this.#learnAgain(signal, ages.times)
  }

  /** Where answers take long the rest waits for the next refresh: fast figures are not to wait for slow ones. */
  async #goOnSlowly(slow: SlowRound, round: Round, goesOn: () => boolean): Promise<void> {
    const { outcome, signal, startedAt } = round
    while (slow.left.length > 0 && goesOn()) {
      const some = slow.left.splice(0, this.#mostAtOnce(slow.left.length))
      const before = outcome.lacking.length
      this.#judge(outcome, some, await this.#answers(some, signal))
      slow.lacking.push(...outcome.lacking.slice(before))
      await this.#put(this.#slow, round, goesOn)
      if (this.#options.clock.monotonic() - startedAt >= this.#options.refreshMs) break
    }
    if (slow.left.length > 0) return
    this.#slowRound = null
    await this.#pass(this.#slow, round, slow.lacking[0], goesOn)
  }

  /** With the fleet answers are of no use any more; they are long, so each goes as it is put in. */
  async #put(sheets: Sheets, { outcome, ages, turn }: Round, goesOn: () => boolean): Promise<void> {
    for (const { question, vector, whole } of outcome.columns.splice(0)) {
      if (goesOn()) await inTurns(sheets.put(question, vector, ages.times, whole), turn)
    }
  }

  async #pass(
    sheets: Sheets,
    { ages, named, turn }: Round,
    why: string | undefined,
    goesOn: () => boolean,
  ): Promise<void> {
    const cadenceOf = (instance: string): number | null => this.#ages.cadenceMs(instance)
    if (goesOn()) await inTurns(whileWanted(sheets.ingest(ages.times, named, cadenceOf, why), goesOn), turn)
  }

  /** Every question with its answer, or why there is none; a few at a time where answers are long. */
  #answers(
    questions: readonly FloorQuestion[],
    signal: AbortSignal,
  ): Promise<PromiseSettledResult<Checked>[]> {
    const ask = this.#asking(signal)
    return settledAtMost(this.#mostAtOnce(questions.length), questions, async (question) => {
      const promql = question.promql(this.#figuresOf, this.#identities.cut)
      const answer = await this.#ask(question.id, promql, signal)
      return { answer, lacks: await this.#wholeness.check(ask, question, promql, answer) }
    })
  }

  /** Nothing goes from here to the floor any more; the next refresh asks everything. */
  release(why?: string): void {
    this.#fast.release(why)
    this.#slow.release(why)
    this.#freezes.clear()
    this.#refreshes = 0
    this.#slowRound = null
  }

  #mostAtOnce(questions: number): number {
    return this.#longest > LONG_ANSWER ? MOST_LONG : questions
  }

  #asking(signal: AbortSignal): (id: string, promql: string) => Promise<Answered<Vector>> {
    return (id, promql) => this.#ask(id, promql, signal)
  }

  #ask(id: string, promql: string, signal: AbortSignal): Promise<Answered<Vector>> {
    const reader = this.#readers.get(id) ?? this.#readerFor(id)
    this.#readers.set(id, reader)
    return this.#options.client.query(promql, { signal, reader })
  }

  #readerFor(id: string): VectorReader {
    const question = [...FAST_QUESTIONS, ...SLOW_QUESTIONS].find((each) => each.id === id)
    if (question) return narrowReader(question, () => this.#identities)
    const gate = new TargetGate(() => this.#identities.signatures)
    this.#gates.set(id, gate)
    return targetReader(gate)
  }

  /** Without it figures lead nowhere; what was learnt before a pause of the feed may be of long ago. */
  #learnsFirst(): boolean {
    const age = this.#options.clock.monotonic() - this.#identityAt
    return this.#refreshes === 0 ? age >= this.#options.identityEveryMs : age === Number.POSITIVE_INFINITY
  }

  /** After the figures, which go on as they are known where it is not answered. @throws SourceFailure when called off */
  async #learnAgain(signal: AbortSignal, times: Sampled['times']): Promise<void> {
    try {
      await this.#learn(signal, times)
    } catch (error) {
      if (signal.aborted || !(error instanceof SourceFailure)) throw error
      const why = `Who is who was not answered: ${error.message}`
      this.#identityWarnings = [why]
      this.#identityComplete = { why }
      const { clock, identityEveryMs } = this.#options
      this.#identityAt = clock.monotonic() - Math.max(0, identityEveryMs - EARLY_IDENTITY_MS)
    }
  }

  #identityDue(now: number): boolean {
    // What is not known yet is no news while new targets are refused.
    const unknown = this.#fast.takeUnknown() + this.#slow.takeUnknown() > 0 && this.#refusedTargets === 0
    const age = now - this.#identityAt
    return age >= this.#options.identityEveryMs || (unknown && age >= EARLY_IDENTITY_MS)
  }

  async #learn(signal: AbortSignal, times: Sampled['times']): Promise<void> {
    const { clock, matchers, freezeAfterMs, hostLabels } = this.#options
    const ask = this.#asking(signal)
    const windowMs = Math.max(freezeAfterMs, 4 * (this.cadenceMs ?? USUAL_CADENCE_MS))
    const promql = identityQuery(matchers, hostLabels)
    const [rows, targets, frozen] = await Promise.allSettled([
      ask('identity', promql),
      ask('exporters', exporterQuery(matchers)),
      askFrozen((promql) => ask('frozen', promql), matchers, windowMs),
    ])
    if (rows.status === 'rejected') throw rows.reason
    const { value } = rows.value
    const labels = value.series.flatMap((one) => (one === STRANGER ? [] : [one.labels]))
    const crowd = this.#gates.get('identity')?.takeCrowd() ?? 0
    const admitted = admittedRows(labels, this.#identities.signatures, crowd)
    this.#refusedTargets = admitted.refused
    const lacks = await this.#wholeness.check(ask, WHO_IS_WHO, promql, rows.value, true)
    const partial = lacks !== null || admitted.refused > 0
    const warnings = rows.value.partial ? [...rows.value.warnings] : []
    if (targets.status === 'fulfilled') this.#exporters = readExporters(targets.value)
    else warnings.push(`Exporters were not told by \`up\`: ${textOf(targets.reason)}`)
    this.#inTurn.turned(this.#fast.takeReturned(), clock.now())
    this.#inTurn.note(admitted.rows, clock.now(), !partial)
    const superseded = supersededTargets(admitted.rows, times, (instance) => this.#ages.cadenceMs(instance))
    this.#figuresOf = [matchers, noneOf('instance', superseded)].filter((part) => part !== '').join(',')
    const current =
      superseded.length === 0
        ? admitted.rows
        : admitted.rows.filter((row) => !superseded.includes(row.get('instance') ?? ''))
    const withheld = this.#inTurn.whys()
    const turn = new Turn()
    this.#identities = await inTurns(
      learnIdentities(current, this.#exporters.targets, {
        times,
        // A part of an answer adds to what is known of GPUs.
        ...(partial
          ? { before: this.#identities }
          : withheld.size > 0
            ? { before: identitiesOf(this.#identities, withheld) }
            : {}),
        ...(this.#forceWhole ? { cut: 'whole' } : {}),
      }),
      turn,
    )
    for (const reader of this.#readers.values()) reader.reconsider()
    this.#identityComplete = partial ? { why: lacks ?? 'who is who is partial' } : true
    this.#fast.withhold(withheld)
    this.#slow.withhold(withheld)
    // Only what `up` says at the same time as who is who tells an exporter without GPUs from one that is down.
    const answering =
      targets.status === 'fulfilled' && !partial ? answeringOf(this.#exporters) : new Set<string>()
    const exporters = { answering, at: clock.now() }
    await inTurns(this.#fast.relabel(this.#identities, exporters), turn)
    await inTurns(this.#slow.relabel(this.#identities, exporters), turn)
    if (frozen.status === 'fulfilled') this.#freezes.update(frozen.value, clock.now() - windowMs)
    else warnings.push(`Frozen exporters could not be looked for: ${textOf(frozen.reason)}`)
    await this.#ages.learn(ask, new Set(this.#identities.signatures.keys())).catch((error: unknown) => {
      if (!(error instanceof SourceFailure)) throw error
      warnings.push(`How often there is a sample could not be looked for: ${error.message}`)
    })
    this.#identityWarnings = warnings
    this.#identityAt = clock.monotonic()
  }

  #judge(
    outcome: Outcome,
    asked: readonly FloorQuestion[],
    answers: readonly PromiseSettledResult<Checked>[],
  ): void {
    const { longest, mixedUp } = judge(outcome, asked, answers)
    this.#longest = Math.max(this.#longest, longest)
    if (mixedUp) this.#mixedUp()
  }

  /** Two boards share the shortened UUID: from now on it is asked for whole. */
  #mixedUp(): void {
    this.#forceWhole = true
    this.#identityAt = Number.NEGATIVE_INFINITY
    this.#asksAll = true
  }
}

function* whileWanted(steps: Iterable<void>, goesOn: () => boolean): Generator<void, void> {
  for (const _ of steps) {
    yield
    if (!goesOn()) return
  }
}

function silentSource(instance: string): SilentSource {
  return { source: sourceOf(instance), address: instance, labels: new Map([['instance', instance]]) }
}
