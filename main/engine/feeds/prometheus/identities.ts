import { cutSteps, type IdentityCut, seriesKey, uuidOf } from '../../../sources/prometheus/identityKey.ts'
import { type ExporterTarget, normaliseLabels } from '../../../sources/prometheus/labels.ts'
import { SHARE_LABEL } from '../../../sources/prometheus/queries.ts'
import type { AnsweredSeries } from '../../../sources/prometheus/vectorReader.ts'

export type Labels = ReadonlyMap<string, string>

/** One GPU or MIG instance as Prometheus knows it, with labels as a direct scrape would have shown them. */
export interface Identity {
  /** What its rows in narrow answers are read with. */
  readonly key: string
  /** The exporter target behind it, '' where its label was dropped. */
  readonly instance: string
  readonly labels: Labels
  /** Of a GPU that several pods or jobs share: one for each further of them. */
  readonly sharers: readonly Labels[]
}

/** What narrow answers are read with: their rows carry a key and nothing else. */
export interface Identities {
  readonly cut: IdentityCut
  readonly byKey: ReadonlyMap<string, Identity>
  /** Per instance a text that changes when anything about its GPUs does. */
  readonly signatures: ReadonlyMap<string, string>
  /** Rows without a UUID, and without a place by which narrow answers could be read: their GPUs are not on the floor. */
  readonly unnamed: number
  /** Rows of narrow answers, by key: one for all questions that ask for no further labels. */
  readonly rows: Map<string, AnsweredSeries>
}

export const NO_IDENTITIES: Identities = {
  cut: 'whole',
  byKey: new Map(),
  signatures: new Map(),
  unnamed: 0,
  rows: new Map(),
}

export interface IdentityOptions {
  /** Forced, after the back end found that a shorter one mixes boards up. */
  readonly cut?: IdentityCut
  /** Newest sample by exporter target, ms: of two targets that show one GPU the one that answers is to be believed. */
  readonly times?: ReadonlyMap<string, number>
  /** What was known before, where the answer is a part: it stays. */
  readonly before?: Identities
}

const ROWS_A_STEP = 128
/** Of one GPU, one for each that shares it and each exporter that shows it; more are made up. */
const MOST_ROWS_OF_GPU = 256

/**
 * Reads the answer to the slow identity query, in steps.
 * @param rows labels as Prometheus answers them
 * @param exporters what is known of the exporter targets, by instance
 */
export function* learnIdentities(
  rows: readonly Labels[],
  exporters: ReadonlyMap<string, ExporterTarget>,
  options: IdentityOptions = {},
): Generator<void, Identities> {
  const times = options.times ?? new Map<string, number>()
  const kept = options.before ? [...options.before.byKey.values()] : []
  const known: Identity[] = []
  for (const row of rows) {
    if (known.length % ROWS_A_STEP === 0) yield
    const instance = row.get('instance') ?? ''
    known.push({ key: '', instance, labels: normaliseLabels(row, exporters.get(instance)), sharers: [] })
  }
  const all = [...known, ...kept].filter(({ labels }) => seriesKey(labels, 'place') !== '')
  const hasNameless = all.some(({ labels }) => uuidOf(labels) === '')
  const wanted = hasNameless ? 'place' : options.cut
  const cut = wanted ?? (yield* cutSteps(all.map(({ labels }) => uuidOf(labels))))
  const byKey = new Map<string, Identity>()
  const several = new Map<string, Identity[]>()
  let seen = 0
  for (const identity of all) {
    if (seen++ % ROWS_A_STEP === 0) yield
    const key = seriesKey(identity.labels, cut)
    const before = byKey.get(key)
    // Several series of one GPU, or two replicas that scrape it: the row that says most is the one to believe, and
    // between equals the same one every time.
    if (before === undefined || betterThan(before, identity, times)) byKey.set(key, { ...identity, key })
    if (before === undefined) continue
    const rowsOfKey = several.get(key)
    if (rowsOfKey && rowsOfKey.length < MOST_ROWS_OF_GPU) rowsOfKey.push(identity)
    else if (!rowsOfKey) several.set(key, [before, identity])
  }
  for (const [key, candidates] of several) {
    yield
    const best = byKey.get(key)
    if (best) byKey.set(key, { ...best, sharers: sharersBeside(best, candidates) })
  }
  return {
    cut,
    byKey,
    signatures: yield* signaturesOf(byKey),
    unnamed: known.length + kept.length - all.length,
    rows: new Map(),
  }
}

/** Those whom the believed target names beside the first, each once. */
function sharersBeside(best: Identity, candidates: readonly Identity[]): Labels[] {
  const found = new Map<string, Labels>()
  for (const { instance, labels, sharers } of candidates) {
    if (instance !== best.instance) continue
    for (const each of [labels, ...sharers]) {
      const user = userOf(each)
      if (user !== '' && user !== userOf(best.labels) && !found.has(user)) found.set(user, each)
    }
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, labels]) => labels)
}

const USER_LABELS = ['namespace', 'pod', 'container', 'hpc_job', SHARE_LABEL] as const

/** Who uses the GPU by these labels, as one text; '' where they name neither pod nor job. */
function userOf(labels: Labels): string {
  if (!labels.has('pod') && !labels.has('hpc_job')) return ''
  return USER_LABELS.map((name) => labels.get(name) ?? '').join('\u0000')
}

/** Labels without what they say of who uses the GPU. */
export function withoutUser(labels: Labels): Labels {
  const kept = new Map(labels)
  for (const name of USER_LABELS) kept.delete(name)
  return kept
}

/** A target without a sample is gone: whatever it said, the GPU answers elsewhere now. */
function betterThan(known: Identity, other: Identity, times: ReadonlyMap<string, number>): boolean {
  const answers = times.has(other.instance)
  if (answers !== times.has(known.instance)) return answers
  if (known.labels.size !== other.labels.size) return other.labels.size > known.labels.size
  if (other.instance !== known.instance) return other.instance < known.instance
  return userOf(other.labels) < userOf(known.labels)
}

function* signaturesOf(byKey: ReadonlyMap<string, Identity>): Generator<void, Map<string, string>> {
  const lines = new Map<string, string[]>()
  let seen = 0
  for (const [key, { instance, labels, sharers }] of byKey) {
    if (seen++ % ROWS_A_STEP === 0) yield
    const texts = [...labels].map(([name, value]) => `${name}\u0000${value}`).toSorted()
    const line = [key, ...texts, ...sharers.map(userOf)].join('\u0001')
    const known = lines.get(instance)
    if (known) known.push(line)
    else lines.set(instance, [line])
  }
  const signatures = new Map<string, string>()
  for (const [instance, list] of lines) {
    if (signatures.size % ROWS_A_STEP === 0) yield
    signatures.set(instance, list.toSorted().join('\u0002'))
  }
  return signatures
}
