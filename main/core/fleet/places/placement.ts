import { fieldCodeOfSeries, FIELDS } from '../../../../shared/model/field.ts'
import { DemandTally, type Scope, type SourceBudget } from '../sources/budget.ts'
import { FIELD_COUNT } from '../figures/columns.ts'
import {
  carriesExported,
  hasWorkload,
  instanceLabel,
  placementKey,
  sameWorkload,
  slotLabel,
  uuidLabel,
  workloadOf,
  type Labels,
  type Workload,
} from './identity.ts'
import { LATER, type Learning, placeBySlot, placeByUuid, UNPLACED } from './learning.ts'
import { followRenames, noteNamesakes, type Placing, tellApart } from './placing.ts'
import { MAX_UNITS, type Registry } from './registry.ts'
import { type Remark, Remarks } from '../sources/remarks.ts'
import { inOrder, noteUser, sharedFigures, type SharedFigure, type User } from '../figures/sharing.ts'
import type { SeriesIdentity } from '../types.ts'
import type { XidLedger } from '../findings/xid.ts'

/** Stands in the place of a field code for `DCGM_EXP_XID_ERRORS_COUNT`; the unit is then a place in the XID ledger. */
export const XID_COUNT = FIELD_COUNT
/** A series without a figure: its labels say who is where, and who shares a GPU. */
export const WHO_SERIES = 'DCGM_WHO'
const XID_COUNT_SERIES = 'DCGM_EXP_XID_ERRORS_COUNT'

/**
 * GPUs and instances of one answer whose names are looked at. More than any budget lets a source teach (a GPU may stand
 * under several sets of labels); beyond them only what is known gets its place, and that not without end either.
 */
const MOST_SUBJECTS: Readonly<Record<Scope, number>> = { machine: 8192, floor: 2 * MAX_UNITS }

export interface Placement {
  /** Per series: field code, or {@link XID_COUNT}. */
  readonly fields: Uint8Array
  /** Per series: unit, or -1 where the series has no place on the floor. */
  readonly units: Int32Array
  /** Series that may find a place later: a UUID not known yet, a slot that another board holds, a source in quarantine. */
  readonly waiting: number
  /** What is odd about the names in it. */
  readonly remarks: readonly Remark[]
  readonly shared: readonly SharedFigure[]
}

/** Series of one answer that go to the same GPU or instance. */
interface Subject {
  /** Of its first series, or of the first who uses it. */
  labels: Labels
  unit: number
  readonly users: User[]
}

/** What series are placed with beside who says them. */
export interface PlacementOptions {
  readonly placing: Omit<Placing, 'ambiguous' | 'remarks' | 'nameless'>
  readonly xids: XidLedger
  /** Which of the source's answers it is, for its budget. */
  readonly part: string
  readonly budget: SourceBudget
}

/** Series, or GPUs, that one step looks at. */
const A_STEP = 256

/**
 * Maps series onto units and learns who they are on the way, as far as the budget of the source allows: what an answer
 * would teach is counted first, and all of it is learnt or nothing. In steps: between two of them nothing else may be
 * placed, and nothing leave its place.
 */
export function* placeSeries(
  series: readonly SeriesIdentity[],
  options: PlacementOptions,
): Generator<void, Placement> {
  const { xids, part, budget } = options
  const { registry, at, hostLabels } = options.placing
  const fields = new Uint8Array(series.length)
  const units = new Int32Array(series.length).fill(UNPLACED)
  const exported = series.some(({ labels }) => carriesExported(labels))
  yield
  const subjects = new Map<string, Subject>()
  /** Series that lead to a figure, and whose. */
  const wanted: { readonly i: number; readonly subject: Subject }[] = []
  const most = MOST_SUBJECTS[budget.scope]
  let crowd = 0

  for (const [i, { name, labels }] of series.entries()) {
    if (i % A_STEP === 0) yield
    // A source may carry anything beside GPUs; only DCGM's series say who is where.
    if (!name.startsWith('DCGM_')) continue
    const code = name === XID_COUNT_SERIES ? XID_COUNT : fieldCodeOfSeries(name)
    fields[i] = Math.max(0, code)
    if (subjects.size >= most && (subjects.size >= 2 * most || !isKnown(registry, labels))) {
      crowd++
      continue
    }
    const key = placementKey(labels, hostLabels)
    let subject = subjects.get(key)
    if (subject === undefined) {
      subject = { labels, unit: UNPLACED, users: [] }
      subjects.set(key, subject)
      noteUser(subject.users, labels, exported)
    } else if (labels !== subject.labels) noteUser(subject.users, labels, exported)
    if (code >= 0) wanted.push({ i, subject })
  }

  const all = [...subjects.values()]
  yield
  for (const subject of all) {
    if (subject.users.length < 2) continue
    subject.users.splice(0, subject.users.length, ...inOrder(subject.users))
    subject.labels = subject.users[0]?.labels ?? subject.labels
  }
  const remarks = new Remarks()
  const nameless = all.every(({ labels }) => uuidLabel(labels) === '')
  const placing: Placing = { ...options.placing, remarks, nameless, ambiguous: yield* ambiguousUuids(all) }
  registry.startedAt = Math.min(registry.startedAt, at)
  const learning = { registry, placing, taught: { by: budget, at }, exported }
  noteNamesakes(
    placing,
    all.map(({ labels }) => labels),
  )
  for (const [i, { labels }] of all.entries()) {
    if (i % A_STEP === 0) yield
    const slot = slotLabel(labels)
    if (slot !== null) tellApart(placing, labels, slot)
  }
  const tally = new DemandTally(crowd > 0)
  yield* settle({ ...learning, mode: 'count', tally, freeSlots: new Map() }, all)
  for (const subject of all) countSharers(registry, tally, subject)
  const mode = budget.admit(part, tally.demand, at) ? 'learn' : 'known'
  if (mode === 'learn')
    yield* followRenames(
      placing,
      all.map(({ labels }) => labels),
      A_STEP,
    )
  yield* settle({ ...learning, mode, tally, freeSlots: new Map() }, all)

  for (const [i, subject] of all.entries()) {
    if (i % A_STEP === 0) yield
    learnSharers(registry, subject, mode)
  }

  let waiting = crowd
  for (const [seen, { i, subject }] of wanted.entries()) {
    if (seen % A_STEP === 0) yield
    if (subject.unit < 0) waiting++
    else {
      const { labels } = series[i] as SeriesIdentity
      units[i] = destination(registry, xids, fields[i] as number, subject.unit, labels)
    }
  }
  // Whoever does not keep a board waits for it.
  if (remarks.list().some(({ kind }) => kind === 'contested')) waiting++
  const userAt = (i: number): Workload | null => {
    const labels = series[i]?.labels
    return labels && hasWorkload(labels) ? workloadOf(labels, exported) : null
  }
  const shared = sharedFigures(fields, units, userAt)
  return { fields, units, waiting, remarks: remarks.list(), shared }
}

/** Whether the labels name a board that is known by its UUID, and an instance of it that is known. */
function isKnown(registry: Registry, labels: Labels): boolean {
  const board = registry.byUuid.get(uuidLabel(labels))
  if (board === undefined) return false
  const id = instanceLabel(labels)
  return id === '' || registry.instance(board, id) >= 0
}

/** UUIDs that the answer gives to boards with different numbers of one machine: made up, or of a shared device. */
function* ambiguousUuids(subjects: readonly Subject[]): Generator<void, ReadonlySet<string>> {
  const slots = new Map<string, number>()
  const ambiguous = new Set<string>()
  for (const [i, { labels }] of subjects.entries()) {
    if (i % A_STEP === 0) yield
    const slot = slotLabel(labels)
    const uuid = uuidLabel(labels)
    if (slot === null || uuid === '') continue
    const before = slots.get(uuid)
    if (before !== undefined && before !== slot) ambiguous.add(uuid)
    slots.set(uuid, slot)
  }
  return ambiguous
}

function countSharers(registry: Registry, tally: DemandTally, { unit, users }: Subject): void {
  const known = registry.units[unit]
  if (!known || users.length < 2) return
  for (const { workload } of users.slice(1)) {
    if ([known.workload, ...known.sharers].some((each) => sameWorkload(each, workload))) continue
    tally.add('pods', `${workload.namespace}/${workload.pod}/${workload.container}`)
  }
}

/** In quarantine nothing new is learnt, but what is no longer there is known. */
function learnSharers(registry: Registry, { unit, labels, users }: Subject, mode: 'learn' | 'known'): void {
  const known = registry.units[unit]
  if (!known || !(labels.has('gpu') || labels.has('device'))) return
  const named = users.slice(1).map(({ workload }) => workload)
  const sharers =
    mode === 'learn'
      ? named
      : known.sharers.filter((each) => named.some((workload) => sameWorkload(each, workload)))
  const same =
    known.sharers.length === sharers.length &&
    sharers.every((each, i) => sameWorkload(each, known.sharers[i] ?? null))
  if (same) return
  known.sharers = sharers
  registry.dirty = true
}

/**
 * In two passes, because the subjects of one answer differ in what they say: link metrics may carry a UUID alone, which
 * means something once another series has named its slot.
 */
function* settle(learning: Learning, subjects: readonly Subject[]): Generator<void, void> {
  const later: { readonly subject: Subject; readonly uuid: string }[] = []
  for (const [i, subject] of subjects.entries()) {
    if (i % A_STEP === 0) yield
    subject.unit = placeBySlot(learning, subject.labels)
    if (subject.unit === LATER) later.push({ subject, uuid: uuidLabel(subject.labels) })
  }
  // In the order of UUIDs, so that slots without a number come out the same after every restart.
  later.sort((a, b) => (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0))
  for (const [i, { subject }] of later.entries()) {
    if (i % A_STEP === 0) yield
    subject.unit = placeByUuid(learning, subject.labels)
  }
}

/** Board figures go to the board, once, however many of its instances repeat them (#317). */
function destination(
  registry: Registry,
  xids: XidLedger,
  field: number,
  unit: number,
  labels: Labels,
): number {
  if (field === XID_COUNT) return xids.counter(unit, labels)
  const board = registry.units[unit]?.board ?? -1
  return board >= 0 && FIELDS[field]?.perBoard === true ? board : unit
}
