/**
 * What the last evaluate() found, per unit. Written in one pass over the floor, read by frames, findings and details.
 * Presence and state are defined in shared/model; `bits` are CONDITION bits and, above 16, the fleet's own.
 */
export interface Evaluation {
  now: number
  state: Uint8Array
  presence: Uint8Array
  severity: Uint8Array
  bits: Uint32Array
  /** Bits whose cause was gone at the evaluation before: cleared when it is gone at the next one too. */
  leaving: Uint32Array
  /** Of `bits`: those that are critical. */
  critical: Uint32Array
  /** Own newest sample or that of an instance, ms; -Infinity: never. */
  freshAt: Float64Array
  /** Source of that sample. */
  freshBy: Uint32Array
  /** Own newest figure or that of an instance, also where it stands still, ms; -Infinity: never. */
  namedAt: Float64Array
  /** Live cells, own and of instances. */
  alive: Uint16Array
  /** Its source answers, but without it; holds until it is back. */
  vanished: Uint8Array
  /** Its profiling says 0 although the board works (BLIND code, profiling.ts). */
  blind: Uint8Array
  /** By place in the list of limits: which are broken, so far as it is known. */
  broken: Uint32Array
  /** When each abnormality that no sample dates began, ms; NaN: not now. */
  busyIdleSince: Float64Array
  /** Evaluation at which its figures were first judged, ms; NaN: not yet. */
  watchedSince: Float64Array
  /** Double-bit errors when the unit was first seen; NaN before. */
  eccBase: Float64Array
}

export function createEvaluation(capacity: number): Evaluation {
  return {
    now: Number.NEGATIVE_INFINITY,
    state: new Uint8Array(capacity),
    presence: new Uint8Array(capacity),
    severity: new Uint8Array(capacity),
    bits: new Uint32Array(capacity),
    leaving: new Uint32Array(capacity),
    critical: new Uint32Array(capacity),
    freshAt: new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY),
    freshBy: new Uint32Array(capacity),
    namedAt: new Float64Array(capacity).fill(Number.NEGATIVE_INFINITY),
    alive: new Uint16Array(capacity),
    vanished: new Uint8Array(capacity),
    blind: new Uint8Array(capacity),
    broken: new Uint32Array(capacity),
    busyIdleSince: new Float64Array(capacity).fill(Number.NaN),
    watchedSince: new Float64Array(capacity).fill(Number.NaN),
    eccBase: new Float64Array(capacity).fill(Number.NaN),
  }
}

export function ensureEvaluation(evaluation: Evaluation, capacity: number): void {
  if (evaluation.state.length >= capacity) return
  const grown = createEvaluation(capacity)
  grown.now = evaluation.now
  grown.state.set(evaluation.state)
  grown.presence.set(evaluation.presence)
  grown.severity.set(evaluation.severity)
  grown.bits.set(evaluation.bits)
  grown.leaving.set(evaluation.leaving)
  grown.critical.set(evaluation.critical)
  grown.freshAt.set(evaluation.freshAt)
  grown.freshBy.set(evaluation.freshBy)
  grown.namedAt.set(evaluation.namedAt)
  grown.alive.set(evaluation.alive)
  grown.vanished.set(evaluation.vanished)
  grown.blind.set(evaluation.blind)
  grown.broken.set(evaluation.broken)
  grown.busyIdleSince.set(evaluation.busyIdleSince)
  grown.watchedSince.set(evaluation.watchedSince)
  grown.eccBase.set(evaluation.eccBase)
  Object.assign(evaluation, grown)
}

/** The memory of a unit whose place goes to another, or whose board was exchanged. */
export function clearEvaluation(evaluation: Evaluation, unit: number): void {
  evaluation.bits[unit] = 0
  evaluation.leaving[unit] = 0
  evaluation.critical[unit] = 0
  evaluation.vanished[unit] = 0
  evaluation.broken[unit] = 0
  evaluation.busyIdleSince[unit] = Number.NaN
  evaluation.watchedSince[unit] = Number.NaN
  evaluation.eccBase[unit] = Number.NaN
}
