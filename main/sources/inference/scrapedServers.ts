import type { SourceDoubt, SourceError } from '../../../shared/model/source.ts'
import { plural } from '../../../shared/model/phrases.ts'
import type { ParsedScrape, ScrapedSeries, ScrapeTarget } from '../exposition/index.ts'
import { placeOf } from './identity.ts'
import type { Mapping } from './mapping.ts'
import { MODELS_OF_SERVER, NameBudget, SERVERS_OF_TARGET } from './nameBudget.ts'
import { type Plan, type PlannedSample, planServer } from './plan.ts'
import { groupRows, type ServerRows } from './rows.ts'
import type { InferenceNaming } from './types.ts'

/** Refused names are looked at again after so long, ms: a budget grows with time. */
const AGAIN_MS = 60_000

interface Server {
  readonly plan: Plan
  readonly models: NameBudget
  /** Places of its series in the answer. */
  readonly indexes: readonly number[]
}

type Answered = Pick<ParsedScrape, 'series' | 'values' | 'times' | 'count' | 'passedOver'>

/**
 * What one target serves: one server, or many where it is a Prometheus that federates or a gateway that keeps their
 * `instance` apart.
 */
export class ScrapedServers {
  readonly #target: ScrapeTarget
  readonly #source: string
  readonly #mapping: Mapping
  readonly #naming: InferenceNaming
  readonly #ids = new NameBudget(SERVERS_OF_TARGET)
  #series: readonly ScrapedSeries[] | null = null
  #servers = new Map<string, Server>()
  #plannedAt = Number.NEGATIVE_INFINITY
  #warnings: readonly string[] = []
  #count = 0

  /** @param source `id` of the target's health */
  constructor(target: ScrapeTarget, source: string, mapping: Mapping, naming: InferenceNaming) {
    this.#target = target
    this.#source = source
    this.#mapping = mapping
    this.#naming = naming
  }

  /** @param at when the answer as a whole was true, wall clock, ms */
  read({ series, values, times, count, passedOver }: Answered, at: number): PlannedSample[] {
    this.#count = count + passedOver
    const refuses = this.#ids.refuses || [...this.#servers.values()].some(({ models }) => models.refuses)
    if (series !== this.#series || (refuses && at - this.#plannedAt >= AGAIN_MS)) this.#plan(series, at)
    else {
      this.#ids.keep([...this.#servers.keys()], at)
      for (const { plan, models } of this.#servers.values()) models.keep(plan.names, at)
    }
    return [...this.#servers.values()].flatMap(({ plan, indexes }) =>
      plan.read(values, times === null ? at : newestOf(indexes, values, times, at)),
    )
  }

  get warnings(): readonly string[] {
    return this.#warnings
  }

  /** Why the answer says nothing of any inference server; null where it does. */
  emptiness(): SourceError | null {
    if ([...this.#servers.values()].some(({ plan }) => plan.known > 0)) return null
    if (this.#ids.refuses) return null
    const { name } = this.#target
    return this.#count === 0
      ? {
          code: 'empty',
          text: `inference server ${name} answers with no series at all; expected vllm:…, sglang:… or those of another engine`,
          nextStep:
            'See whether metrics are switched on (--enable-metrics for SGLang) and whether a model is loaded.',
        }
      : {
          code: 'empty',
          text: `inference server ${name} answers, but none of its ${plural(this.#count, 'series', 'series')} is known of an inference engine${exampleOf(this.#series)}`,
          nextStep:
            'Check that the address is the server’s own /metrics, or name its series under inference.names.',
        }
  }

  doubts(now: number): SourceDoubt[] {
    const ofModels = [...this.#servers].flatMap(
      ([id, { models }]) => models.doubt('model', this.#servers.size > 1 ? id : null, now) ?? [],
    )
    return [this.#ids.doubt('server', null, now) ?? [], ofModels.slice(0, 1)].flat()
  }

  #plan(series: readonly ScrapedSeries[], now: number): void {
    this.#series = series
    this.#plannedAt = now
    const before = this.#servers
    this.#servers = new Map()
    this.#ids.begin(now)
    const { servers, warnings } = this.#grouped(series)
    this.#warnings = warnings
    for (const [id, { place, around, series: rows }] of servers) {
      if (!this.#ids.admit(id, now)) continue
      const models = before.get(id)?.models ?? new NameBudget(MODELS_OF_SERVER)
      models.begin(now)
      const plan = planServer(
        { ...place, source: this.#source },
        around,
        rows,
        this.#mapping,
        this.#naming,
        (name) => models.admit(name, now),
      )
      models.end()
      this.#servers.set(id, { plan, models, indexes: rows.map(({ index }) => index) })
    }
    this.#ids.end()
  }

  #grouped(series: readonly ScrapedSeries[]): {
    servers: ReadonlyMap<string, Pick<ServerRows, 'place' | 'around' | 'series'>>
    warnings: readonly string[]
  } {
    const { url, labels } = this.#target
    const rows = series.map((one, index) => ({ index, ...one }))
    const own = rows.filter((one) => (one.labels.get('instance') ?? '') === '')
    const others = rows.filter((one) => (one.labels.get('instance') ?? '') !== '')
    const { servers, warnings } = groupRows(others, this.#naming)
    const all = new Map<string, Pick<ServerRows, 'place' | 'around' | 'series'>>(servers)
    if (own.length > 0) {
      const place = placeOf(url, labels, this.#naming)
      all.set(place.id, { place, around: labels, series: own })
    }
    return { servers: all, warnings }
  }
}

/** Of the samples of one server; where one does not say its time, that of the answer. */
function newestOf(indexes: readonly number[], values: Float64Array, times: Float64Array, at: number): number {
  let newest = Number.NEGATIVE_INFINITY
  for (const index of indexes) {
    if (Number.isNaN(values[index])) continue
    const time = times[index] ?? Number.NaN
    if (Number.isNaN(time)) return at
    newest = Math.max(newest, time)
  }
  return Number.isFinite(newest) ? Math.min(newest, at) : at
}

function exampleOf(series: readonly ScrapedSeries[] | null): string {
  const name = series?.[0]?.name.slice(0, 80)
  return name === undefined ? '' : ` (such as ${name})`
}
