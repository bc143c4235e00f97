import type { CommandParsed } from '../../../shared/contract/contract.ts'
import type { History } from '../../../shared/contract/fleet.ts'
import { SWITCHABLE_FIELDS, type FieldId } from '../../../shared/model/field.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { createHistory, type History as FleetHistory, type LiveFleet } from '../../core/fleet/index.ts'
import { placesOf } from '../../core/fleet/places/placesOf.ts'
import { Refusal } from '../session/refusal.ts'
import { message } from '../../../shared/messages/message.ts'

/** What the engine keeps by itself: what the metric switch offers, and the codes that explain a curve. */
const KEPT_FIELDS: readonly FieldId[] = [...SWITCHABLE_FIELDS, 'smClock', 'xid', 'clockEvents']
/** 16,384 boards at one frame every 5 s keep about 12 minutes; small floors keep a day. */
const BUDGET_BYTES = 64 * 1024 * 1024
/** A screen asks with the version it has drawn; it may be a few behind. Of a large floor each is a megabyte. */
const KEPT_TOPOLOGIES = 16
/** After a start, when one follows another, screens have the newest soon; a screen that is late asks again with it. */
const KEPT_TOPOLOGY_MS = 60_000

/** The longest range that makes sense, and what keeps range arithmetic inside safe integers, ms. */
const LONGEST_RANGE_MS = 400 * 86_400_000

/** The engine's own memory of one site: recent frames, and the topologies that screens may still speak of. */
export class SiteMemory {
  readonly #fleet: LiveFleet
  readonly #history: FleetHistory
  readonly #stepMs: number
  /** Newest first. */
  #topologies: readonly Known[] = []
  #recordedAt = Number.NEGATIVE_INFINITY

  /** @param paceMs how often the sources bring new figures */
  constructor(fleet: LiveFleet, paceMs: number) {
    this.#fleet = fleet
    this.#stepMs = Math.max(1000, paceMs)
    this.#history = createHistory({ fields: KEPT_FIELDS, budgetBytes: BUDGET_BYTES })
  }

  /** After every evaluation. `now` is that of the evaluation, ms; it never goes back. */
  record(now: number): void {
    for (const { from, to } of this.#fleet.takeRenames()) this.#history.rename(from, to)
    const topology = this.#fleet.topology()
    this.#follow(topology, now)
    if (now - this.#recordedAt < this.#stepMs * 0.9) return
    this.#recordedAt = now
    this.#history.record(this.#fleet.frame(KEPT_FIELDS), topology)
  }

  #follow(topology: Topology, now: number): void {
    const [newest, ...older] = this.#topologies
    if (newest?.topology !== topology) {
      const known = this.#topologies.map((each) => ({ ...each, replacedAt: Math.min(each.replacedAt, now) }))
      this.#topologies = [{ topology, replacedAt: Number.POSITIVE_INFINITY }, ...known].slice(
        0,
        KEPT_TOPOLOGIES,
      )
    } else if (older.some((each) => isPast(each, now))) {
      this.#topologies = [newest, ...older.filter((each) => !isPast(each, now))]
    }
  }

  read(question: CommandParsed<'fleet.history'>, asked: Topology): History {
    const now = this.#topologies[0]?.topology ?? asked
    const place = asked === now ? (row: number) => row : translate(asked, now)
    const rows = question.rows.map(place)
    const answer = this.#history.read({ ...question, rows })
    const series = answer.series.map((each, i) => ({
      ...each,
      row: question.rows[Math.floor(i / question.fields.length)] ?? each.row,
    }))
    return { ...answer, series }
  }

  trend() {
    return this.#history.trend()
  }

  /**
   * The topology that a question is about.
   * @throws Refusal for one that is not known, a row that it does not have, or a range that is none
   */
  topologyFor({ topologyVersion, rows, fromMs, toMs }: CommandParsed<'fleet.history'>): Topology {
    const topology = this.#topologies.find((each) => each.topology.version === topologyVersion)?.topology
    if (!topology) {
      throw new Refusal(
        'failed',
        message('refusal.floor.changed', { version: topologyVersion }),
        message('refusal.floor.changed.next'),
      )
    }
    const size = topology.gpus.host.length + topology.instances.gpu.length
    const missing = rows.find((row) => row >= size)
    if (missing !== undefined) {
      throw new Refusal(
        'invalid',
        message('refusal.floor.row', { rows: size, row: missing }),
        message('refusal.floor.row.next'),
      )
    }
    if (!(fromMs >= 0 && toMs > fromMs && toMs - fromMs <= LONGEST_RANGE_MS && toMs < 8.64e15)) {
      throw new Refusal('invalid', message('refusal.range.days'), message('refusal.range.next'))
    }
    return topology
  }
}

interface Known {
  readonly topology: Topology
  /** When a newer one came, wall clock, ms. */
  readonly replacedAt: number
}

const isPast = ({ replacedAt }: Known, now: number): boolean => now - replacedAt > KEPT_TOPOLOGY_MS

/** Rows of an older floor to those of the present one, by place; -1 where the place is gone. */
function translate(from: Topology, to: Topology): (row: number) => number {
  const rows = new Map(placesOf(to).map((place, row) => [place, row]))
  const places = placesOf(from)
  return (row) => rows.get(places[row] ?? '') ?? -1
}
