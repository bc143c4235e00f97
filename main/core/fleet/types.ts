import type { RememberedHost } from './places/remembered.ts'
import type { GpuDetail, HostDetail } from '../../../shared/contract/fleet.ts'
import type { FieldId } from '../../../shared/model/field.ts'
import type { Finding, FleetEvent } from '../../../shared/model/finding.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import type { Inventory } from '../../../shared/model/inventory.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import type { SourceDoubt } from '../../../shared/model/source.ts'
import type { Observation } from '../observation.ts'
import type { Scope } from './sources/budget.ts'

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
  /** A row's figures are stale when older than this, and than two and a half samples of its source, ms. */
  readonly staleAfterMs: number
  /** Floor for freeze detection: a source with no changed sample for longer than this is suspect, ms. */
  readonly freezeAfterMs: number
  /** Labels that name the machine, the most trusted one first; the usual ones where it is left out. */
  readonly hostLabels?: readonly string[]
  /** Machines that an engine before this one saw; of use without an inventory only. */
  readonly remembered?: readonly RememberedHost[]
  /** GPUs and instances that find room; more than the largest floor where it is left out. */
  readonly mostUnits?: number
}

/** Series that a source has, and of which an answer could not be read. */
export interface Unread {
  /** Per series: 1 where it was not read. */
  readonly rows: Uint8Array
  /** In a few plain words: "SM activity was not answered: timed out". */
  readonly why: string
}

/** What a source says of GPUs at one time. */
export interface GpuRows {
  /** Whose word it is, and for how much; the source's own, for a whole floor, where none is given. */
  readonly speaker?: Speaker
  /** Which of several questions to the source this answers: each takes back its own figures only. Left out for a whole scrape. */
  readonly question?: string
  /** Labels that discovery gives the target, for what its series do not say. */
  readonly target?: ReadonlyMap<string, string>
  /** Keep the same array (===) while nothing but the values changes: then an observation is one pass over numbers. */
  readonly series: readonly SeriesIdentity[]
  /** Of the i-th series, in the exporter's unit; NaN where this answer has none. */
  readonly values: Float64Array
  /** When each value was true, ms, where that differs from the observation's own time. */
  readonly sampledAt?: Float64Array
  /**
   * Which series this answer says nothing of, although the source has them. What it does say of the others counts as
   * read, also where the observation is not complete; left out, all of a complete observation is read, and else nothing.
   */
  readonly unread?: Unread
}

/** A source that has not answered since the start. */
export interface SilentSource {
  readonly source: string
  /** "10.0.0.1:9400" */
  readonly address: string
  /** Labels that discovery gives it. */
  readonly labels: ReadonlyMap<string, string>
}

/** The live floor. Pure but for its own memory: every time comes in as an argument, ms since the epoch. */
export interface LiveFleet {
  /**
   * One answer of a source: learns who is who, and takes its figures. A complete one takes back what the same source
   * said before and does not name now; one that is not complete takes back nothing that it does not name. A figure that
   * it names and has read as none is taken back; one that it names and has not read stays, and ages.
   */
  observe(observation: Observation<GpuRows>): void
  /**
   * The same in steps of about a millisecond, for an observation of many GPUs whose places have to be found. Figures of
   * others go on in between; the topology stays as it is until all of it is taken. Whatever cannot wait (another
   * observation that needs places, a release) takes the rest at once, and so does whoever stops on the way.
   */
  observing(observation: Observation<GpuRows>): Generator<void, void>
  /**
   * The source did not answer, or left the feed: its rows age and turn stale by themselves.
   * @param why in a few words ("connection refused"), told with the rows until the source is observed again
   * @param turned the floor is fed by another way, or what lies before the source fails: nothing is known of the source
   */
  release(source: string, why?: string, turned?: boolean): void
  /** Told from outside (Prometheus way): this source shows no change since then although it answers; null: it moves. */
  suspectFrozen(source: string, since: number | null): void
  /**
   * Every source that is known has been read completely at `at`, ms, but for those that do not answer: listed GPUs that
   * none of them named are missing from here on. Before that nothing is known of them. A machine that one of the silent
   * ones may stand for is not called, as long as there are enough of them.
   */
  callRoll(at: number, silent?: readonly SilentSource[]): void
  /** What the next engine should know of machines; nothing where an inventory says it. */
  toRemember(): RememberedHost[]
  /**
   * A machine left on purpose: it leaves the floor, and is not remembered.
   * @returns why it stays, or null: `listed` in the inventory · `answers`, so that it would be back at once · `unknown`
   */
  dismiss(host: string): 'listed' | 'answers' | 'unknown' | null
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
  /** Machines that go by another name, since this was last asked. */
  takeRenames(): readonly { readonly from: string; readonly to: string }[]
  /** What this speaker was refused by the floor at the last evaluation, and what to do about it. */
  doubts(speaker: string): readonly SourceDoubt[]
}
