import type { CauseFound } from '../../../shared/model/cause.ts'

export type * from '../../../shared/model/cause.ts'

/**
 * What one route asked of the servers, minute by minute, as the metering counts it. NaN: not measured, which is never zero.
 */
export interface LoadSeries {
  /** Null: the back end tells only the sum of several tenants that it does not name. */
  readonly tenant: string | null
  readonly model: string
  readonly endpoint: string
  /** Null where the key is not known. */
  readonly key: string | null
  readonly requests: Float64Array
  readonly input: Float64Array
  readonly output: Float64Array
}

/** Events of an objective by tenant; null where its source knows no tenants. */
export interface TenantEvents {
  readonly tenant: string
  readonly model: string
  readonly endpoint: string
  readonly bad: Float64Array
  readonly total: Float64Array
}

/** All servers of one model together. NaN: not measured. */
export interface PoolSeries {
  readonly model: string
  /** Servers that answered. */
  readonly servers: Float64Array
  readonly running: Float64Array
  readonly waiting: Float64Array
  /** Tokens read and written in the minute, whoever asked for them. */
  readonly input: Float64Array
  readonly output: Float64Array
}

export interface CauseInput {
  readonly objectiveId: string
  /** Start of the first minute, ms; every series has a value for each minute from there on. */
  readonly fromMs: number
  /** Complete minutes; the last one has just ended. */
  readonly minutes: number
  /** Of the objective, 0–1. */
  readonly target: number
  /** Models that the objective covers; all of them where empty. */
  readonly models: readonly string[]
  /** Of the objective as a whole, whoever asked. */
  readonly events: { readonly bad: Float64Array; readonly total: Float64Array }
  readonly byTenant: readonly TenantEvents[] | null
  readonly loads: readonly LoadSeries[]
  readonly pools: readonly PoolSeries[]
  /** Tokens per second that a tenant bought; null or missing where none are agreed. */
  readonly entitled: ReadonlyMap<string, number | null>
}

/** See {@link CauseFound}; an objective that does not burn has no cause. */
export type Attribution = CauseFound
