import { isBlank } from '../../../../shared/model/blank.ts'
import { fieldCode } from '../../../../shared/model/field.ts'
import { MOST_USERS } from '../../../../shared/model/users.ts'
import { hasWorkload, sameWorkload, workloadOf, type Labels, type Workload } from '../places/identity.ts'
import { naturalOrder } from '../text.ts'

/**
 * GPUs that several pods or jobs share (time slicing, MPS, `hpc_job`): an exporter repeats every series of the board for
 * each of them. With KUBERNETES_VIRTUAL_GPUS newer ones write each pod's own share of memory and utilisation there
 * (dcgm-exporter#594), older ones the board's figure each time (#587). Shares differ from pod to pod and are added up;
 * what is the same for all of them is the board's and is taken once.
 */
const SHARED_CODES: ReadonlySet<number> = new Set([fieldCode('fbUsed'), fieldCode('gpuUtil')])
const GPU_UTIL = fieldCode('gpuUtil')
const FULL_UTIL = 100

/** Places in an answer that hold one figure of one GPU, one for each pod; the first stands for all. */
export interface SharedFigure {
  readonly field: number
  readonly unit: number
  readonly places: readonly number[]
  /** Whose it is, by place. */
  readonly users: readonly (Workload | null)[]
}

/**
 * Finds them, and leaves only the first place of each in `units`.
 * @param userAt who is named at a place of the answer
 */
export function sharedFigures(
  fields: Uint8Array,
  units: Int32Array,
  userAt: (place: number) => Workload | null,
): SharedFigure[] {
  const found = new Map<number, { field: number; unit: number; places: number[] }>()
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as number
    const field = fields[i] as number
    if (unit < 0 || !SHARED_CODES.has(field)) continue
    const key = unit * 256 + field
    const known = found.get(key)
    if (known === undefined) found.set(key, { field, unit, places: [i] })
    else {
      known.places.push(i)
      units[i] = -1
    }
  }
  return [...found.values()]
    .filter(({ places }) => places.length > 1)
    .map((figure) => ({ ...figure, users: figure.places.map(userAt) }))
}

/**
 * A copy of `values` in which the first place of each shared figure holds what the board has of it.
 * @param noteOwn told of figures that are each pod's own, by place; NaN where a pod has none
 */
export function withShares(
  values: Float64Array,
  shared: readonly SharedFigure[],
  noteOwn: (figure: SharedFigure, own: readonly number[]) => void = () => undefined,
): Float64Array {
  const whole = values.slice()
  const shares = (figure: SharedFigure): number[] =>
    figure.places.map((place) => {
      const value = values[place] as number
      return isBlank(value) ? Number.NaN : value
    })
  // One field whose figures differ shows that this exporter writes shares, also where those of the other happen to agree.
  const sharing = new Set<number>()
  for (const figure of shared) {
    const own = shares(figure)
    if (own.some((value) => value !== own[0] && !Number.isNaN(value))) sharing.add(figure.unit)
  }
  for (const figure of shared) {
    const own = shares(figure)
    if (!sharing.has(figure.unit)) {
      whole[figure.places[0] as number] = own[0] as number
      continue
    }
    noteOwn(figure, own)
    const sum = own.reduce((total, value) => total + value, 0)
    // Each share is measured at its own moment, so that their sum may pass 100 % a little.
    const isCapped = figure.field === GPU_UTIL && own.every((value) => value <= FULL_UTIL)
    whole[figure.places[0] as number] = isCapped ? Math.min(sum, FULL_UTIL) : sum
  }
  return whole
}

/** A sum of which one share was not read is not read: a copy of `unread` (1: not read) that says so, where it has to. */
export function withUnreadShares(unread: Uint8Array, shared: readonly SharedFigure[]): Uint8Array {
  const hidden = shared.filter(({ places }) => places.some((place) => unread[place] === 1))
  if (hidden.length === 0) return unread
  const whole = unread.slice()
  for (const { places } of hidden) whole[places[0] as number] = 1
  return whole
}

/** Who uses a GPU, and labels that say so. */
export interface User {
  readonly workload: Workload
  readonly labels: Labels
}

/** Adds whoever a further series of the same GPU names, where it is another than those known. */
export function noteUser(known: User[], labels: Labels, exported: boolean): void {
  if (known.length >= MOST_USERS || !hasWorkload(labels)) return
  const workload = workloadOf(labels, exported)
  if (workload === null || known.some((each) => sameWorkload(each.workload, workload))) return
  known.push({ workload, labels })
}

/** Always in the same order, whatever the order of the answer: an exporter lists pods as they come. */
export function inOrder(users: readonly User[]): User[] {
  return users.length < 2 ? [...users] : users.toSorted((a, b) => naturalOrder(textOf(a), textOf(b)))
}

function textOf({ workload: { namespace, pod, container } }: User): string {
  return `${namespace}/${pod}/${container}`
}
