import type { GpuDetail, HostDetail } from '../../../shared/contract/fleet.ts'
import type { FieldId } from '../../../shared/model/field.ts'
import type { Finding, FleetEvent } from '../../../shared/model/finding.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import type { Inventory } from '../../../shared/model/inventory.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import type { SourceDoubt } from '../../../shared/model/source.ts'
import type { Scope } from './budget.ts'

/** A series as a source names it; labels as received, untrusted. */
export interface SeriesIdentity {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
}

/** Who is answerable for what a source says: an exporter for itself, a Prometheus for all of its targets. */
export interface Speaker {
  readonly name: string
  readonly scope: Scope
}

export interface FleetOptions {
  readonly site: string
  readonly inventory: Inventory | null
  /** Overrides of Field.limits, in the exporter's unit. */
  readonly limits: Partial<Record<FieldId, { advisory: number; critical: number }>>
  /** A row's figures are stale when older than this, ms. */
  readonly staleAfterMs: number
  /** Floor for freeze detection: a source with no changed sample for longer than this is suspect, ms. */
  readonly freezeAfterMs: number
}

/**
 * The mapping of one source's series onto the fleet: position i of `values` goes to one row and field. It is resolved
 * when the source's series change, so that ingesting a steady scrape is one pass over numbers.
 */
export interface Binding {
  readonly source: string
  readonly size: number
}

/** The live floor. Pure but for its own memory: every time comes in as an argument, ms since the epoch. */
export interface LiveFleet {
  /**
   * Learns identity from the series of one source and maps each onto (row, field). A source may hold several bindings
   * (one per query); a new one replaces the older ones of the same fields, and what it lacks counts as withdrawn.
   * @param speaker whose word it is, and for how much; the source's own, for a whole floor, where none is given
   */
  bind(source: string, series: readonly SeriesIdentity[], at: number, speaker?: Speaker): Binding
  /**
   * One answer of a source. `values[i]` belongs to the i-th series of the binding, in the exporter's unit; NaN marks
   * a series that this answer lacks. `sampledAt` is when the figures were true (scrape time), per answer;
   * `sampledAtPerValue` where it differs by series (Prometheus: the time of each sample, ms), aligned with `values`.
   * A query that answers with nothing is ingested as NaN on its last binding, so that its figures read as absent.
   */
  ingest(binding: Binding, values: Float64Array, sampledAt: number, sampledAtPerValue?: Float64Array): void
  /**
   * The source did not answer, or left the feed: its rows age and turn stale by themselves.
   * @param why in a few words ("connection refused"), told with the rows until the source is bound again
   */
  release(source: string, why?: string): void
  /** Told from outside (Prometheus way): the exporter of this host shows no change although it answers. */
  suspectFrozen(host: string, since: number | null): void
  topology(): Topology
  /** Evaluates states, conditions and findings at `now`; call once per cut, before frame() and findings(). */
  evaluate(now: number): void
  frame(fields: readonly FieldId[]): FleetFrame
  findings(): { findings: Finding[]; total: number }
  events(): readonly FleetEvent[]
  gpu(host: string, slot: number): GpuDetail | null
  host(name: string): HostDetail | null
  /**
   * Over physical GPUs. `present`: seen and not known to be gone, also while its figures are stale, because a silent
   * exporter proves nothing about its boards. With an inventory `expected = present + missing`.
   */
  rollCall(): { expected: number | null; present: number; missing: number; unexpected: number }
  /** Findings by severity: adds up to the `total` of findings(). */
  abnormal(): { critical: number; advisory: number }
  /** Sum over physical boards with an ok or zero figure; `of` counts all boards of the topology. */
  power(): { watts: number | null; boards: number; of: number }
  newestSampleAt(): number | null
  /** What this speaker was refused by the floor at the last evaluation, and what to do about it. */
  doubts(speaker: string): readonly SourceDoubt[]
}
