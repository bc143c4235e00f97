import { DIMENSIONS, type Dimension } from '../../../../../shared/metering/capabilities.ts'
import { MEASURES, type Measure, type Rates } from '../../../../../shared/model/tokens.ts'
import type { RankedRow, TokensOverview } from '../../../../../shared/contract/tokens.ts'
import type { Passing } from './names.ts'
import { type CubeOptions, CubeStore, type Late } from './store.ts'
import type { Filters, Reach, UsageTable } from '../../types.ts'

export type Ranking = TokensOverview['dimensions'][Dimension]

/** Columns by tenant, of equal length. */
export interface TenantColumns {
  readonly ids: readonly string[]
  /** Per second; null where the back end does not count the measure. */
  readonly rates: Readonly<Record<Measure, Float64Array | null>>
  /** Tokens per second over all that is kept. */
  readonly baseline: Float64Array
}

export interface TrendColumns {
  /** Starts of the steps, ms; of these steps the figures are per second and null where nothing is known. */
  readonly times: readonly number[]
  readonly input: readonly (number | null)[]
  readonly output: readonly (number | null)[]
  readonly rejected: readonly (number | null)[]
}

/**
 * The newest usage of a back end by its four dimensions, for figures that are drawn and ranked several times a second.
 * Rates are means over complete steps: steps that end after the reach of the data are not known yet. Times are the back
 * end's, ms.
 */
export interface Cube {
  /**
   * Takes in an answer: it replaces what was known of its steps, whole; rows that it does not name used nothing then. An
   * answer that is not complete only adds to what is known.
   * @returns what changed in steps that had been complete; null where nothing did
   */
  merge(table: UsageTable): Late | null
  reach(): Reach | null
  /** Tokens of complete steps that begin within a time, ms. */
  tokensBetween(fromMs: number, toMs: number): number
  /** 0 before the first answer. */
  stepMs(): number
  /** Steps wholly inside the reach, ascending. */
  times(): readonly number[]
  /** Over the last windowMs of complete steps. @param ignore leaves this dimension's filter out */
  rates(filters: Filters, windowMs: number, ignore?: Dimension): Rates
  /** Names of a dimension by tokens per second, under the filters of the other dimensions. */
  rank(dimension: Dimension, filters: Filters, windowMs: number, limit: number): Ranking
  ratesBy(dimension: Dimension, filters: Filters, windowMs: number): ReadonlyMap<string, Rates>
  trend(filters: Filters): TrendColumns
  byTenant(windowMs: number): TenantColumns
  /** Tokens per second of these tenants over the complete steps; an unknown tenant has nulls. */
  sparks(tenants: readonly string[]): {
    readonly times: readonly number[]
    readonly values: (number | null)[][]
  }
  /** Share of tokens whose GPU type the back end does not say, 0–1; null without tokens. */
  unknownTypeShare(windowMs: number): number | null
  rowCount(): number
  /** Rows of the last answer that are summed under "(others)" for want of room. */
  dropped(): number
}

/** So many of the newest steps make a spark. */
const SPARK_STEPS = 60
/** Answers to the same question of several screens. */
const MOST_ANSWERS = 64

type Window = Readonly<Record<Measure, Float64Array | null>> & { readonly seconds: number }

export function createCube(options: CubeOptions): Cube {
  const store = new CubeStore(options)
  let remembered = new Map<string, unknown>()
  let rememberedAt = -1

  /** The same question between two answers of the back end has the same answer. */
  function once<T>(key: string, make: () => T): T {
    if (rememberedAt !== store.revision || remembered.size >= MOST_ANSWERS) remembered = new Map()
    rememberedAt = store.revision
    const known = remembered.get(key)
    if (known !== undefined) return known as T
    const made = make()
    remembered.set(key, made)
    return made
  }

  /** Sums per row over the complete steps of a window. */
  function windowOf(windowMs: number): Window {
    return once(`window ${windowMs}`, () => {
      const end = store.complete
      const steps = Math.max(1, Math.round(windowMs / (store.stepMs || 1)))
      // What is known of an outage as a whole says nothing of now.
      const first = Math.max(store.steadyFrom, end - steps)
      let covered = 0
      let oldest = end
      for (let step = end - 1; step >= first; step--) {
        if (!store.isCovered(step)) continue
        covered += 1
        oldest = step
      }
      const sums = Object.fromEntries(
        MEASURES.map((measure) => {
          const ring = store.counts(measure)
          // A part of the window would be told as if it were the whole.
          if (ring === null || covered === 0 || store.knownFrom(measure) > oldest) return [measure, null]
          const column = new Float64Array(store.rows)
          for (let row = 0; row < store.rows; row++) column[row] = ring.sum(row, oldest, end)
          return [measure, column]
        }),
      ) as Record<Measure, Float64Array | null>
      return { ...sums, seconds: (covered * store.stepMs) / 1000 }
    })
  }

  function passes(passing: Passing, row: number): boolean {
    for (const dimension of DIMENSIONS) {
      const allowed = passing[dimension]
      if (allowed !== null && allowed[store.ids[dimension][row] as number] !== 1) return false
    }
    return true
  }

  /** Sums of a window by the names of one dimension, as columns by the names' ids; whole numbers until they are shown. */
  function columnsBy(dimension: Dimension, filters: Filters, windowMs: number, ignore?: Dimension) {
    return once(`by ${dimension} ${windowMs} ${ignore ?? ''} ${JSON.stringify(filters)}`, () => {
      const window = windowOf(windowMs)
      const names = store.names.of(dimension)
      const passing = store.names.passing(filters, ignore)
      const ids = store.ids[dimension]
      const seen = new Uint8Array(names.length)
      const rows: number[] = []
      for (let row = 0; row < store.rows; row++) {
        if (!passes(passing, row)) continue
        rows.push(row)
        seen[ids[row] as number] = 1
      }
      const columns = Object.fromEntries(
        MEASURES.map((measure) => {
          const sums = window[measure]
          if (sums === null) return [measure, null]
          const column = new Float64Array(names.length)
          for (const row of rows) {
            const id = ids[row] as number
            column[id] = (column[id] as number) + (sums[row] as number)
          }
          return [measure, column]
        }),
      ) as Record<Measure, Float64Array | null>
      return { names, columns, seen, seconds: window.seconds }
    })
  }

  /** Sum over a row's `from` to `end` for each of `places` sums; -1 leaves a row out. */
  function seriesOf(
    measures: readonly ('input' | 'output' | 'rejected')[],
    places: number,
    placeOf: (row: number) => number,
    from: number,
    end: number,
  ): (Float64Array | null)[] {
    const series: (Float64Array | null)[] = Array.from({ length: places }, () => null)
    if (measures.some((measure) => store.counts(measure) === null)) return series
    for (let row = 0; row < store.rows; row++) {
      const place = placeOf(row)
      if (place < 0) continue
      const into = (series[place] ??= new Float64Array(end - from))
      for (const measure of measures) store.counts(measure)?.addTo(into, row, from, end)
    }
    return series
  }

  /** Per second; null for steps that no answer covered. A sum of no row is zero where something is known. */
  function perSecond(
    sums: Float64Array | null,
    from: number,
    end: number,
    none: number | null,
  ): (number | null)[] {
    const values: (number | null)[] = []
    for (let step = from; step < end; step++) {
      const sum = sums === null ? none : ((sums[step - from] as number) * 1000) / store.stepMs
      values.push(store.isCovered(step) ? sum : null)
    }
    return values
  }

  function timesFrom(from: number): number[] {
    return Array.from({ length: Math.max(0, store.complete - from) }, (_, i) => store.timeOf(from + i))
  }

  const tokensIn = (columns: Columns, id: number) => (columns.input?.[id] ?? 0) + (columns.output?.[id] ?? 0)

  function rank(dimension: Dimension, filters: Filters, windowMs: number, limit: number): Ranking {
    const { names, columns, seen, seconds } = columnsBy(dimension, filters, windowMs, dimension)
    const ids = [...seen.keys()].filter((id) => seen[id] === 1)
    const total = ids.reduce((sum, id) => sum + tokensIn(columns, id), 0)
    const ranked = ids.toSorted(
      (a, b) => tokensIn(columns, b) - tokensIn(columns, a) || compare(names[a], names[b]),
    )
    const top = ranked.slice(0, limit)
    const rest = ranked.slice(limit)
    const placeOfId = new Int32Array(names.length).fill(-1)
    for (const [place, id] of top.entries()) placeOfId[id] = place
    const passing = store.names.passing(filters, dimension)
    const end = store.complete
    const from = Math.max(store.first, end - SPARK_STEPS)
    const sparks = seriesOf(
      ['input', 'output'],
      top.length,
      (row) => (passes(passing, row) ? (placeOfId[store.ids[dimension][row] as number] as number) : -1),
      from,
      end,
    )
    return {
      rows: top.map(
        (id, place): RankedRow => ({
          name: names[id] ?? '',
          rates: ratesOf(columns, [id], seconds),
          share:
            total > 0 && columns.input !== null && columns.output !== null
              ? tokensIn(columns, id) / total
              : null,
          spark: perSecond(sparks[place] ?? null, from, end, null),
        }),
      ),
      others: rest.length === 0 ? null : { count: rest.length, rates: ratesOf(columns, rest, seconds) },
      total: ids.length,
    }
  }

  return {
    merge: (table) => store.merge(table),
    reach: () => store.reach,
    tokensBetween: (fromMs, toMs) => store.tokensBetween(fromMs, toMs),
    stepMs: () => store.stepMs,
    times: () => timesFrom(store.first),
    rates(filters, windowMs, ignore) {
      return once(`rates ${windowMs} ${ignore ?? ''} ${JSON.stringify(filters)}`, () => {
        // Any dimension sums up to the same; the one with the fewest names costs least.
        const { columns, names, seconds } = columnsBy('gpuType', filters, windowMs, ignore)
        return ratesOf(columns, [...names.keys()], seconds)
      })
    },
    rank: (dimension, filters, windowMs, limit) =>
      once(`rank ${dimension} ${windowMs} ${limit} ${JSON.stringify(filters)}`, () =>
        rank(dimension, filters, windowMs, limit),
      ),
    ratesBy(dimension, filters, windowMs) {
      const { names, columns, seen, seconds } = columnsBy(dimension, filters, windowMs)
      return new Map(
        [...names.entries()].flatMap(([id, name]) =>
          seen[id] === 1 ? [[name, ratesOf(columns, [id], seconds)] as const] : [],
        ),
      )
    },
    trend(filters) {
      return once(`trend ${JSON.stringify(filters)}`, () => {
        const passing = store.names.passing(filters)
        const from = store.first
        const end = store.complete
        const of = (measure: 'input' | 'output' | 'rejected') => {
          const [sums] = seriesOf([measure], 1, (row) => (passes(passing, row) ? 0 : -1), from, end)
          return perSecond(sums ?? null, from, end, store.counts(measure) === null ? null : 0)
        }
        return { times: timesFrom(from), input: of('input'), output: of('output'), rejected: of('rejected') }
      })
    },
    byTenant(windowMs) {
      const { names, columns, seen, seconds: recent } = columnsBy('tenant', {}, windowMs)
      return once(`tenants ${windowMs}`, () => {
        const ids = [...seen.keys()].filter((id) => seen[id] === 1)
        const [first, end] = [store.first, store.complete]
        let covered = 0
        for (let step = first; step < end; step++) if (store.isCovered(step)) covered += 1
        const sums = new Float64Array(names.length)
        for (const measure of ['input', 'output'] as const) {
          const ring = store.counts(measure)
          if (ring === null) continue
          for (let row = 0; row < store.rows; row++) {
            const id = store.ids.tenant[row] as number
            sums[id] = (sums[id] as number) + ring.sum(row, first, end)
          }
        }
        const seconds = (covered * store.stepMs) / 1000
        return {
          ids: ids.map((id) => names[id] ?? ''),
          rates: Object.fromEntries(
            MEASURES.map((measure) => {
              const column = columns[measure]
              return [
                measure,
                column === null ? null : Float64Array.from(ids, (id) => (column[id] as number) / recent),
              ]
            }),
          ) as Record<Measure, Float64Array | null>,
          baseline: Float64Array.from(ids, (id) => (seconds > 0 ? (sums[id] as number) / seconds : 0)),
        }
      })
    },
    sparks(tenants) {
      const from = store.first
      const end = store.complete
      const placeOfId = new Int32Array(store.names.of('tenant').length).fill(-1)
      for (const [place, tenant] of tenants.entries()) {
        const id = store.names.find('tenant', tenant)
        if (id !== undefined) placeOfId[id] = place
      }
      const series = seriesOf(
        ['input', 'output'],
        tenants.length,
        (row) => placeOfId[store.ids.tenant[row] as number] as number,
        from,
        end,
      )
      return { times: timesFrom(from), values: series.map((sums) => perSecond(sums, from, end, null)) }
    },
    unknownTypeShare(windowMs) {
      const { names, columns } = columnsBy('gpuType', {}, windowMs)
      let total = 0
      for (const id of names.keys()) total += tokensIn(columns, id)
      const unknown = store.names.find('gpuType', '')
      return total > 0 ? (unknown === undefined ? 0 : tokensIn(columns, unknown) / total) : null
    },
    rowCount: () => store.rows,
    dropped: () => store.dropped,
  }
}

type Columns = Readonly<Record<Measure, Float64Array | null>>

/** Per second, of all these names together. */
function ratesOf(columns: Columns, ids: readonly number[], seconds: number): Rates {
  return Object.fromEntries(
    MEASURES.map((measure) => {
      const column = columns[measure]
      if (column === null) return [measure, null]
      return [measure, ids.reduce((sum, id) => sum + (column[id] as number), 0) / seconds]
    }),
  ) as unknown as Rates
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0
}
