import type { DriftRow } from '../../../../shared/contract/tokens.ts'
import { figureText } from '../../../../shared/model/units.ts'
import {
  calmSpan,
  type DriftingSpan,
  driftingSpan,
  edgeError,
  ENOUGH_TOKENS,
  isBeyond,
  type Span,
  spanOf,
} from './spans.ts'
import {
  cellOf,
  type ComparedWindow,
  type Kept,
  keptOf,
  namesOf,
  newestRun,
  type RowWindow,
  sumOf,
  TOTAL,
} from './windows.ts'

export interface DriftBookOptions {
  /** Share of served tokens that may differ before it is abnormal, 0–1. */
  readonly threshold: number
  readonly windowMs: number
  /** Windows that ended less than this ago are not judged: the metering may not know all of them, ms. */
  readonly lagMs: number
  /** So many windows are kept. */
  readonly keep: number
}

type Row = DriftRow

export interface DriftBookState {
  /** The compared time; null before the first whole window. */
  readonly fromMs: number | null
  readonly toMs: number | null
  readonly total: Row
  /** The largest drift in tokens first. */
  readonly rows: readonly Row[]
}

/**
 * Compares served with metered tokens, window by window. What was proven to drift goes on drifting until the newest
 * windows are proven to be below the threshold, or its windows are reported again without it: an alarm does not end by noise.
 */
export interface DriftBook {
  observe(window: ComparedWindow): void
  /** @param now on the back end's clock, ms */
  state(now: number): DriftBookState
}

/** Beyond this many times the threshold it is critical. */
const CRITICAL_FACTOR = 5
/** Before so many whole windows how far they stray is not known. */
const LEARNING_WINDOWS = 6
/** Fewer tokens than this may be one request with a long prompt, on the wrong side of an edge: nothing to wonder about. */
const ONE_REQUEST = 20_000

/** What was proven of a row that drifts. */
interface Proof {
  readonly since: number
  readonly span: DriftingSpan
}

export function createDriftBook(options: DriftBookOptions): DriftBook {
  const { threshold, lagMs, keep } = options
  let windows: Kept[] = []
  const proofs = new Map<string, Proof>()
  /** Of so many windows; many screens read it, and it changes only with them. */
  let judged: { readonly windows: number; readonly state: DriftBookState } | null = null

  function rowOf(key: string, ended: readonly Kept[]): Omit<Row, 'model' | 'gpuType'> & Compared {
    const all = ended.map((kept) => ({ fromMs: kept.fromMs, toMs: kept.toMs, cell: cellOf(kept, key) }))
    const run = newestRun(all)
    const { verdict, proof } = judge({ key, all, run, threshold, keep, proof: proofs.get(key) ?? null })
    if (proof === null) proofs.delete(key)
    else proofs.set(key, proof)
    return {
      ...verdict,
      ...figuresOf(run),
      since: verdict.state === 'drifts' ? (proof?.since ?? null) : null,
      spark: all.map(({ cell }) => (cell.why === '' ? shareOf(cell) : null)),
      fromMs: run[0]?.fromMs ?? null,
      toMs: run.at(-1)?.toMs ?? null,
    }
  }

  function stateOf(ended: readonly Kept[]): DriftBookState {
    const named = new Set(ended.flatMap(({ cells }) => [...cells.keys()]))
    for (const key of proofs.keys()) if (key !== TOTAL && !named.has(key)) proofs.delete(key)
    const { fromMs, toMs, ...total } = rowOf(TOTAL, ended)
    // Of a row that ended before the compared time only the spark is left.
    const shown = ended.filter((kept) => fromMs === null || kept.fromMs >= fromMs)
    const keys = new Set([...shown.flatMap(({ cells }) => [...cells.keys()]), ...proofs.keys()])
    keys.delete(TOTAL)
    const rows = [...keys].map((key): Row => {
      const { fromMs: rowFrom, toMs: rowTo, ...row } = rowOf(key, ended)
      const same = rowFrom === null || rowTo === null || (rowFrom === fromMs && rowTo === toMs)
      const span = same ? '' : `Compared over ${lengthText({ fromMs: rowFrom, toMs: rowTo })}.`
      return { ...namesOf(key), ...row, note: joined(row.note, span) }
    })
    return { fromMs, toMs, total: { ...namesOf(TOTAL), ...total }, rows: rows.toSorted(byDrift) }
  }

  return {
    observe(window) {
      windows = [...windows.filter(({ fromMs }) => fromMs !== window.fromMs), keptOf(window, threshold)]
        .toSorted((a, b) => a.fromMs - b.fromMs)
        .slice(-keep)
      judged = null
    },
    state(now) {
      const ended = windows.filter(({ toMs }) => toMs <= now - lagMs)
      if (judged?.windows !== ended.length) judged = { windows: ended.length, state: stateOf(ended) }
      return judged.state
    },
  }
}

interface Compared {
  readonly fromMs: number | null
  readonly toMs: number | null
}

interface Question {
  readonly key: string
  /** All windows that have ended, and the newest known ones that touch. */
  readonly all: readonly RowWindow[]
  readonly run: readonly RowWindow[]
  readonly threshold: number
  readonly keep: number
  readonly proof: Proof | null
}

type Verdict = Pick<Row, 'state' | 'severity' | 'note'>

interface Judged {
  readonly verdict: Verdict
  /** What stands from now on. */
  readonly proof: Proof | null
}

function judge(question: Question): Judged {
  const { key, all, run, threshold, proof } = question
  const newest = all.at(-1)
  if (newest === undefined)
    return { verdict: quiet('learning', 'Not one whole window has been compared yet.'), proof }
  const { why } = newest.cell
  // One unknown window behind the known ones is waited for; a second means unknown.
  if (run.length === 0 || (why !== '' && run.at(-1)?.toMs !== newest.fromMs)) {
    return { verdict: quiet('unknown', why), proof }
  }
  const behind = why === '' ? '' : `The newest window is not known: ${why}`
  const known = all.filter(({ cell }) => cell.why === '')
  if (known.length < LEARNING_WINDOWS) {
    const note = `${known.length} of ${LEARNING_WINDOWS} windows compared.`
    return { verdict: quiet('learning', joined(note, behind)), proof }
  }
  const error = edgeError(known)
  const found = driftingSpan(run, error, threshold)
  // A part has fewer requests, and there are many parts: one of them strays far now and then, but not twice.
  const lasts = key === TOTAL || driftingSpan(run.slice(0, -1), error, threshold) !== null
  if (found !== null && (lasts || proof !== null)) {
    const note = `${driftText(found.share)} over the last ${lengthText(found)}.`
    const since = proof?.since ?? run.at(-1)?.fromMs ?? found.fromMs
    return { verdict: drifting(found, threshold, joined(note, behind)), proof: { since, span: found } }
  }
  const calm = calmSpan(run, error, threshold)
  if (proof !== null && calm === null && !isOver(question, proof)) {
    const note = `${driftText(proof.span.share)} in ${lengthText(proof.span)}; since then it is too uneven to tell whether that is over.`
    return { verdict: drifting(proof.span, threshold, joined(note, behind)), proof }
  }
  return { verdict: undrifting(spanOf(run), calm, threshold, behind), proof: null }
}

/** Without a proof of drift: agreement only where the figures that stand beside it agree. */
function undrifting(whole: Span, calm: Span | null, threshold: number, behind: string): Verdict {
  if (whole.tokens === 0) return quiet('agrees', joined('No tokens in this time.', behind))
  if (!isBeyond(whole, threshold)) return quiet('agrees', behind)
  const differs = driftText(whole.drift / whole.tokens)
  const length = lengthText(whole)
  if (whole.tokens < ONE_REQUEST) {
    return quiet(
      'agrees',
      joined(`${differs} over the last ${length}: no more than one long request.`, behind),
    )
  }
  if (calm !== null) {
    return quiet(
      'learning',
      joined(`The newest ${lengthText(calm)} agree; ${differs} over all ${length}.`, behind),
    )
  }
  const reason = whole.tokens < ENOUGH_TOKENS ? 'too few tokens to tell' : 'too uneven to tell'
  return quiet('learning', joined(`${differs} over the last ${length}: ${reason}.`, behind))
}

/** What was proven is reported again without it, or has left the kept time, which is well below the threshold. */
function isOver({ all, run, threshold, keep }: Question, { span }: Proof): boolean {
  const proven = all.filter(({ fromMs, toMs }) => fromMs >= span.fromMs && toMs <= span.toMs)
  const [first] = proven
  if (first !== undefined && first.fromMs === span.fromMs && proven.every(({ cell }) => cell.why === '')) {
    return !isBeyond(spanOf(proven), threshold)
  }
  return proven.length === 0 && run.length >= keep && !isBeyond(spanOf(run), threshold / 2)
}

function drifting({ worst }: DriftingSpan, threshold: number, note: string): Verdict {
  return { state: 'drifts', severity: worst / threshold >= CRITICAL_FACTOR ? 'critical' : 'advisory', note }
}

function quiet(state: Verdict['state'], note: string): Verdict {
  return { state, severity: 'normal', note }
}

const NO_FIGURES = { served: null, metered: null, drift: null, driftShare: null, driftAmount: null }

function figuresOf(run: readonly RowWindow[]): Pick<Row, keyof typeof NO_FIGURES> {
  if (run.length === 0) return NO_FIGURES
  const sum = sumOf(run.map(({ cell }) => cell))
  return {
    served: sum.served.toString(),
    metered: sum.metered.toString(),
    drift: (sum.served - sum.metered).toString(),
    driftShare: shareOf(sum),
    driftAmount: sum.amount?.toDecimalPlaces(6).toString() ?? null,
  }
}

function shareOf({ served, metered }: { readonly served: bigint; readonly metered: bigint }): number | null {
  return served > 0n ? Number(served - metered) / Number(served) : null
}

function driftText(share: number): string {
  const size = figureText(Math.abs(share) * 100, { unit: '%' })
  return share > 0 ? `${size} of what was served is not metered` : `${size} more is metered than was served`
}

function lengthText({ fromMs, toMs }: Pick<Span, 'fromMs' | 'toMs'>): string {
  const ms = toMs - fromMs
  return ms < 120_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`
}

function joined(...sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

function byDrift(a: Row, b: Row): number {
  const size = (row: Row) => (row.drift === null ? -1 : Math.abs(Number(row.drift)))
  return Number(b.state === 'drifts') - Number(a.state === 'drifts') || size(b) - size(a)
}
