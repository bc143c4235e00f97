import { isBlank } from '../../../shared/model/blank.ts'
import { fieldCode } from '../../../shared/model/field.ts'
import { hasWorkload, sameWorkload, workloadOf, type Labels, type Workload } from './identity.ts'

/**
 * GPUs that several pods or jobs share (time slicing, MPS, `hpc_job`): an exporter repeats every series of the board for
 * each of them. With KUBERNETES_VIRTUAL_GPUS newer ones write each pod's own share of memory and utilisation there
 * (dcgm-exporter#594), older ones the board's figure each time (#587). Shares differ from pod to pod and are added up;
 * what is the same for all of them is the board's and is taken once.
 */
const SHARED_CODES: ReadonlySet<number> = new Set([fieldCode('fbUsed'), fieldCode('gpuUtil')])
const GPU_UTIL = fieldCode('gpuUtil')
const FULL_UTIL = 100
/** More pods than this on one GPU are not named. */
const MOST_SHARERS = 16

/** Places in an answer that hold one figure of one GPU, one for each pod; the first stands for all. */
export interface SharedFigure {
  readonly field: number
  readonly unit: number
  readonly places: readonly number[]
}

/** Finds them, and leaves only the first place of each in `units`. */
export function sharedFigures(fields: Uint8Array, units: Int32Array): SharedFigure[] {
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
  return [...found.values()].filter(({ places }) => places.length > 1)
}

/** A copy of `values` in which the first place of each shared figure holds what the board has of it. */
export function withShares(values: Float64Array, shared: readonly SharedFigure[]): Float64Array {
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
    const sum = own.reduce((total, value) => total + value, 0)
    // Each share is measured at its own moment, so that their sum may pass 100 % a little.
    const capped =
      figure.field === GPU_UTIL && own.every((value) => value <= FULL_UTIL) ? Math.min(sum, FULL_UTIL) : sum
    whole[figure.places[0] as number] = sharing.has(figure.unit) ? capped : (own[0] as number)
  }
  return whole
}

/** Adds the workload of a further series of the same GPU, where it is another than those known. */
export function noteSharer(known: Workload[], first: Labels, labels: Labels, exported: boolean): void {
  if (labels === first || known.length >= MOST_SHARERS || !hasWorkload(labels)) return
  const workload = workloadOf(labels, exported)
  if (workload === null || sameWorkload(workload, workloadOf(first, exported))) return
  if (!known.some((each) => sameWorkload(each, workload))) known.push(workload)
}
