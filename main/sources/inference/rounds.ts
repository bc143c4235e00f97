import type { SourceDoubt } from '../../../shared/model/source.ts'
import type { Filters } from '../../core/tokens/types.ts'
import { Frontends } from './frontends.ts'
import { createMapping, type HistogramSignal, type Mapping } from './mapping.ts'
import type { EngineRules } from './rules.ts'
import { MODELS_OF_SERVER, NameBudget, SERVERS_OF_PROMETHEUS } from './nameBudget.ts'
import { type Plan, type PlannedSample, planServer } from './plan.ts'
import { cacheQuery, figuresQuery, sampleTimesQuery } from './questions.ts'
import { type LeftOutOf, RoundLatencies } from './roundLatencies.ts'
import { type Grouped, groupRows, sampleTimes, seriesOf, timeKey } from './rows.ts'
import type {
  CurvesQuery,
  InferenceRound,
  InstantAnswer,
  InstantQueries,
  PrometheusInferenceOptions,
} from './types.ts'

type Vector = InstantAnswer['value']

export interface Asking {
  readonly round: InferenceRound
  readonly partial: boolean
  /** Of all answers. */
  readonly rows: number
  /** That the answers name now. */
  readonly servers: number
}

/** Engines that were not there are looked for again this often, in rounds. */
const LOOK_EVERY = 12
/** A server that Prometheus no longer names is silent for as long as it was there, within these, then gone, ms. */
const SILENT_MS = 600_000
const LEAST_SILENT_MS = 60_000
/** Refused names are looked at again after so long, ms. */
const AGAIN_MS = 60_000
/** Clocks that drift less than this against each other are taken to stand still, ms. */
const DRIFT_MS = 1000
const MOST_WARNINGS = 20
/** Names whose sample times are asked for; between them they name every server. */
const MOST_ANCHORS = 8

/** What the last answers made of the servers; stands as long as the rows are the same. */
interface Planned {
  readonly vectors: readonly Vector['series'][]
  readonly plans: ReadonlyMap<string, Plan>
  readonly grouped: Grouped
  readonly anchors: readonly string[]
}

interface Heard {
  readonly samples: readonly PlannedSample[]
  readonly at: number
  /** The same instant on the back end's clock. */
  readonly remote: number
  /** Of its first sample. */
  readonly since: number
}

/** The questions of one round and what is made of their answers. */
export class PrometheusRounds {
  readonly #options: PrometheusInferenceOptions
  readonly #queries: InstantQueries
  readonly #matchers: string
  readonly #latencies: RoundLatencies
  readonly #mapping: Mapping
  /** Engines with names of their own, and those whose names may be anybody's, which are asked for apart. */
  readonly #sets: readonly (readonly EngineRules[])[]
  #frontends = new Frontends()
  #planned: Planned | null = null
  #plannedAt = Number.NEGATIVE_INFINITY
  readonly #ids = new NameBudget(SERVERS_OF_PROMETHEUS)
  #models: ReadonlyMap<string, NameBudget> = new Map()
  #heard = new Map<string, Heard>()
  /** Local clock minus that of the back end, ms. */
  #offset: number | null = null
  #scrapeMs = Number.NaN
  #round = 0
  /** Sets that had rows when they were last asked. */
  #present: readonly boolean[] = []

  constructor(
    options: PrometheusInferenceOptions,
    queries: InstantQueries,
    matchers: string,
    leftOutOf: LeftOutOf = () => new Set(),
  ) {
    this.#options = options
    this.#queries = queries
    this.#matchers = matchers
    this.#mapping = createMapping(options.names)
    this.#latencies = new RoundLatencies(options, matchers, leftOutOf, {
      mapping: this.#mapping,
      servers: () => this.#planned?.grouped.servers ?? new Map(),
      plans: () => this.#planned?.plans ?? new Map(),
      cadenceMs: () => this.cadenceMs,
    })
    const { engines } = this.#mapping
    this.#sets = [
      engines.filter(({ beside }) => beside === undefined),
      engines.filter(({ beside }) => beside !== undefined),
    ]
  }

  /** What was heard before a pause is not what servers say now. */
  forget(): void {
    this.#heard.clear()
    this.#latencies.forget()
    this.#round = 0
  }

  /** The shortest pause between two samples of one server, ms; null before two were seen. */
  get cadenceMs(): number | null {
    return Number.isNaN(this.#scrapeMs) ? null : this.#scrapeMs
  }

  /** What of its answers was refused. */
  doubts(now: number): SourceDoubt[] {
    const ofModels = [...this.#models].flatMap(([id, budget]) => budget.doubt('model', id, now) ?? [])
    return [this.#ids.doubt('server', null, now) ?? [], ofModels.slice(0, 1)].flat()
  }

  /** @throws SourceFailure of the first question that failed */
  async ask(signal: AbortSignal): Promise<Asking> {
    const { clock } = this.#options
    const askedAt = clock.now()
    const answers: InstantAnswer[] = []
    const ask = async (promql: string, atMs: number | null) => {
      const options = { signal, aside: true, ...(atMs === null ? {} : { atMs }) }
      const answer = await this.#queries.query(promql, options)
      answers.push(answer)
      return answer.value
    }
    const vectors = await this.#figures(ask)
    const evaluatedAt = vectors.find((one) => one.evaluatedAt !== null)?.evaluatedAt ?? null
    const planned = this.#plan(vectors, askedAt)
    const times =
      planned.anchors.length === 0
        ? new Map<string, number>()
        : sampleTimes(
            // At the same instant as the figures, so that each figure meets the time of its own sample.
            await ask(sampleTimesQuery(planned.anchors, this.#options, this.#matchers), evaluatedAt),
            this.#options,
          )
    const untimed = this.#take(planned, joined(vectors), times, evaluatedAt, askedAt)
    await this.#latencies.ask((promql) => ask(promql, null), signal)
    this.#round++

    const { samples, warning } = this.#frontends.without(
      [...this.#heard.values()].flatMap((one) => one.samples),
    )
    const warnings = [
      ...answers.flatMap((answer) => answer.warnings),
      ...planned.grouped.warnings,
      ...(warning === '' ? [] : [warning]),
      ...(untimed === 0
        ? []
        : [`The time of the samples of ${untimed} inference servers is not known; they are left out.`]),
      ...this.#latencies.warnings,
    ]
    return {
      round: {
        at: clock.now(),
        samples,
        windowed: this.#latencies.windowed,
        warnings: [...new Set(warnings)].slice(0, MOST_WARNINGS),
      },
      partial: answers.some(({ partial }) => partial),
      rows: answers.reduce((sum, { value }) => sum + value.values.length, 0),
      servers: planned.grouped.servers.size,
    }
  }

  async #figures(ask: (promql: string, atMs: number | null) => Promise<Vector>): Promise<Vector[]> {
    const look = this.#round % LOOK_EVERY === 0
    const present: boolean[] = []
    const vectors: Vector[] = []
    let atMs: number | null = null
    for (const [index, engines] of this.#sets.entries()) {
      if (!look && this.#present[index] === false) {
        present.push(false)
        continue
      }
      const figures = await ask(figuresQuery(engines, this.#options, this.#matchers), atMs)
      atMs ??= figures.evaluatedAt
      vectors.push(figures)
      present.push(figures.series.length > 0)
      if (figures.series.length > 0)
        vectors.push(await ask(cacheQuery(engines, this.#options, this.#matchers), atMs))
    }
    // Where nothing was found at all, everything is looked for again next time.
    this.#present = present.some(Boolean) ? present : []
    return vectors
  }

  #plan(vectors: readonly Vector[], now: number): Planned {
    const before = this.#planned
    const same =
      before !== null &&
      before.vectors.length === vectors.length &&
      before.vectors.every((series, index) => series === vectors[index]?.series)
    const refuses = this.#ids.refuses || [...this.#models.values()].some((budget) => budget.refuses)
    if (same && !(refuses && now - this.#plannedAt >= AGAIN_MS)) {
      this.#ids.keep([...before.plans.keys()], now)
      for (const [id, { names }] of before.plans) this.#models.get(id)?.keep(names, now)
      return before
    }
    this.#plannedAt = now
    const grouped = groupRows(seriesOf(vectors), this.#options)
    const plans = new Map<string, Plan>()
    this.#ids.begin(now)
    const models = new Map<string, NameBudget>()
    for (const [id, { place, around, series }] of grouped.servers) {
      if (!this.#ids.admit(id, now)) continue
      const budget = this.#models.get(id) ?? new NameBudget(MODELS_OF_SERVER)
      models.set(id, budget)
      budget.begin(now)
      const plan = planServer(place, around, series, this.#mapping, this.#options, (name) =>
        budget.admit(name, now),
      )
      budget.end()
      if (plan.known > 0) plans.set(id, plan)
    }
    this.#ids.end()
    this.#models = models
    const planned: Planned = {
      vectors: vectors.map(({ series }) => series),
      plans,
      grouped,
      anchors: anchorsOf(grouped, plans),
    }
    this.#planned = planned
    return planned
  }

  /** Puts what was answered in; returns how many servers have no sample time. */
  #take(
    { plans, grouped }: Planned,
    values: Float64Array,
    times: ReadonlyMap<string, number>,
    evaluatedAt: number | null,
    askedAt: number,
  ): number {
    if (evaluatedAt !== null) {
      const offset = askedAt - evaluatedAt
      if (this.#offset === null || Math.abs(offset - this.#offset) > DRIFT_MS) this.#offset = offset
    }
    let untimed = 0
    for (const [id, plan] of plans) {
      const remote = times.get(timeKey(id, grouped.servers.get(id)?.scraper ?? ''))
      if (remote === undefined) {
        untimed++
        continue
      }
      // No sample is newer than the question.
      const at = Math.min(askedAt, remote + (this.#offset ?? 0))
      const before = this.#heard.get(id)
      // On the back end's own clock: a step of the offset between the clocks is no pause between two scrapes.
      if (before !== undefined && remote > before.remote) this.#learnPause(remote - before.remote)
      this.#heard.set(id, { samples: plan.read(values, at), at, remote, since: before?.since ?? at })
    }
    for (const [id, { at, since }] of this.#heard) {
      const silentMs = Math.min(SILENT_MS, Math.max(LEAST_SILENT_MS, at - since))
      if (askedAt - at > silentMs) this.#heard.delete(id)
    }
    return untimed
  }

  #learnPause(pauseMs: number): void {
    if (pauseMs >= 1000 && !(pauseMs >= this.#scrapeMs)) this.#scrapeMs = pauseMs
  }

  /** The question for latencies over a time, or why it cannot be asked. */
  curvesQuery(
    kind: HistogramSignal,
    quantiles: readonly number[],
    filters: Filters,
    stepMs: number,
  ): CurvesQuery {
    return this.#latencies.curvesQuery(kind, quantiles, filters, stepMs)
  }
}

/** Names of series, the most widespread first, until every server has one of them. */
function anchorsOf({ servers }: Grouped, plans: ReadonlyMap<string, Plan>): string[] {
  const holders = new Map<string, Set<string>>()
  for (const id of plans.keys()) {
    for (const { name } of servers.get(id)?.series ?? []) {
      if (name === '') continue
      holders.set(name, (holders.get(name) ?? new Set()).add(id))
    }
  }
  const left = new Set(plans.keys())
  const anchors: string[] = []
  for (const [name, ids] of [...holders].toSorted(([, a], [, b]) => b.size - a.size)) {
    if (left.size === 0 || anchors.length === MOST_ANCHORS) break
    if (![...ids].some((id) => left.has(id))) continue
    anchors.push(name)
    for (const id of ids) left.delete(id)
  }
  return anchors
}

function joined(vectors: readonly Vector[]): Float64Array {
  const all = new Float64Array(vectors.reduce((sum, { values }) => sum + values.length, 0))
  let at = 0
  for (const { values } of vectors) {
    all.set(values, at)
    at += values.length
  }
  return all
}
