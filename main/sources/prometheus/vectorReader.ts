import { readEnvelope, type Envelope } from './envelope.ts'
import { AnswerError, ascii, JsonCursor } from './jsonCursor.ts'
import { type NativeHistogram, readHistogramPair } from './nativeHistogram.ts'
import { samplePair } from './sampleValue.ts'
import { textCaches } from './textCache.ts'
import { atOnce } from '../../platform/turn.ts'

/** One series of an answer. Labels are untrusted text, without `__name__`. */
export interface AnsweredSeries {
  /** `__name__`, '' where the query dropped it. */
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
}

export interface Vector {
  /** The same array (===) as long as the same query brings the same series in the same order. */
  readonly series: readonly AnsweredSeries[]
  /** `values[i]` belongs to `series[i]`. NaN where the back end says so, or where a row is a native histogram. */
  readonly values: Float64Array
  /** Rows that are native histograms, by their index. */
  readonly histograms: ReadonlyMap<number, NativeHistogram>
  /** When the query was evaluated, ms since the epoch: NOT when the samples were taken. Null without rows. */
  readonly evaluatedAt: number | null
}

export interface VectorAnswer extends Envelope {
  readonly vector: Vector
}

export interface ReaderLimits {
  readonly maxSeries: number
  readonly maxLabels: number
  /** Longest label name or value, bytes. */
  readonly maxLabelBytes: number
}

export const DEFAULT_READER_LIMITS: ReaderLimits = { maxSeries: 500_000, maxLabels: 64, maxLabelBytes: 4096 }

export interface ReaderOptions extends Partial<ReaderLimits> {
  /** Labels that were asked for; what a back end sends beside them is passed over. All are read where none are given. */
  readonly labels?: ReadonlySet<string>
  /**
   * Asked at the beginning of each answer; tells of each row whether it is kept. One that is not keeps its place and its
   * value, but its labels are forgotten: {@link STRANGER} stands for it. One that stands for the same in the answers to
   * several questions may be kept once for all of them: then it gives that one.
   */
  readonly gate?: () => Gate
}

export type Gate = (labels: ReadonlyMap<string, string>) => AnsweredSeries | boolean

/** Stands in an answer for any row that its gate did not let in. */
export const STRANGER: AnsweredSeries = { name: '', labels: new Map() }

/** Reads the answers of one instant query and remembers the last: series that come again are matched by their bytes. */
export interface VectorReader {
  /** @throws AnswerError naming the byte and what was expected; what was remembered stays */
  read(body: Uint8Array): VectorAnswer
  /** The same in steps of about 16 kB. */
  steps(body: Uint8Array): Generator<void, VectorAnswer>
  /** The gate lets others in from now on: those that it did not are looked at again. */
  reconsider(): void
}

const ROW_OPEN = ascii('{"metric":')
const VALUE_KEY = ascii(',"value":')

interface Remembered {
  readonly bytes: Uint8Array
  readonly series: readonly AnsweredSeries[]
  /** Where the labels of row i lie in `bytes`: from spans[2i] to spans[2i + 1]. */
  readonly spans: Uint32Array
}

/** Of an answer full of strangers nothing is worth remembering: the next one brings others. */
const FEW_STRANGERS = 1024

export function createVectorReader(options: ReaderOptions = {}): VectorReader {
  let remembered: Remembered | null = null
  let strangers = 0
  const limits = { ...DEFAULT_READER_LIMITS, ...options }
  const caches = textCaches()

  function* steps(body: Uint8Array): Generator<void, VectorAnswer> {
    const cursor = new JsonCursor(body, caches)
    const rows = new VectorRows(cursor, limits, remembered)
    const envelope = yield* readEnvelope(cursor, () => rows.readData())
    if (envelope.error !== null) return { ...envelope, vector: EMPTY_VECTOR }
    if (!envelope.hasData) throw cursor.error('data')
    const read = rows.remember()
    strangers = read.series.reduce((sum, one) => (one === STRANGER ? sum + 1 : sum), 0)
    remembered = strangers > FEW_STRANGERS && 2 * strangers > read.series.length ? null : read
    return { ...envelope, vector: rows.vector(read.series) }
  }

  return {
    steps,
    read: (body) => atOnce(steps(body)),
    reconsider() {
      if (strangers > 0) remembered = null
    },
  }
}

const NO_HISTOGRAMS: ReadonlyMap<number, NativeHistogram> = new Map()
const EMPTY_VECTOR: Vector = {
  series: [],
  values: new Float64Array(0),
  histograms: NO_HISTOGRAMS,
  evaluatedAt: null,
}

/** One step of reading, bytes. */
const STEP_BYTES = 16_384

type Limits = ReaderLimits & Pick<ReaderOptions, 'labels' | 'gate'>

class VectorRows {
  private readonly cursor: JsonCursor
  private readonly limits: Limits
  private readonly lets: Gate | null
  private readonly before: Remembered | null
  private readonly sample = { value: Number.NaN }
  private values: Float64Array
  private spans: Uint32Array
  /** Filled from the first row that differs from last time; before that the remembered array stands. */
  private fresh: AnsweredSeries[] | null = null
  /** Made with the first native row; most answers have none. */
  private histograms: Map<number, NativeHistogram> | null = null
  private count = 0
  private evaluatedAt: number | null = null
  private readType = ''

  constructor(cursor: JsonCursor, limits: Limits, before: Remembered | null) {
    this.cursor = cursor
    this.limits = limits
    this.lets = limits.gate?.() ?? null
    this.before = before
    const expected = before?.series.length ?? 0
    this.values = new Float64Array(expected + 16)
    this.spans = new Uint32Array(2 * (expected + 16))
  }

  *readData(): Generator<void, void> {
    const { cursor } = this
    let type = ''
    let resultAt = -1
    for (const key of cursor.members()) {
      if (key === 'resultType') type = cursor.string(32)
      else if (key === 'result') {
        cursor.peek()
        resultAt = cursor.at
        if (type === '') yield* cursor.skipped()
        else yield* this.readResult(type)
      } else yield* cursor.skipped()
    }
    if (resultAt < 0) throw cursor.error('a result')
    if (this.readType === '') {
      // The type came after the result: go back for it, once.
      const end = cursor.at
      cursor.at = resultAt
      yield* this.readResult(type)
      cursor.at = end
    }
  }

  private *readResult(type: string): Generator<void, void> {
    const { cursor } = this
    this.readType = type
    if (type === 'vector') {
      let stepEnd = cursor.at + STEP_BYTES
      for (const _ of cursor.elements()) {
        this.row()
        if (cursor.at < stepEnd) continue
        stepEnd = cursor.at + STEP_BYTES
        yield
      }
    } else if (type === 'scalar') {
      this.evaluatedAt = samplePair(cursor, this.sample)
      this.push(null, 0, 0)
    } else throw cursor.error('a result of type vector or scalar')
  }

  private row(): void {
    const { cursor, sample } = this
    cursor.peek()
    const rowAt = cursor.at
    sample.value = Number.NaN
    // The way Go prints a row; any other order or spacing goes the long way round.
    if (cursor.takeBytes(ROW_OPEN)) {
      const from = cursor.at
      const series = this.labels()
      const to = cursor.at
      if (cursor.takeBytes(VALUE_KEY)) {
        const at = samplePair(cursor, sample)
        this.evaluatedAt ??= at
        cursor.expect('}')
        this.push(series, from, to)
        return
      }
      cursor.at = rowAt
    }
    this.unusualRow()
  }

  private unusualRow(): void {
    const { cursor, sample } = this
    let series: AnsweredSeries | null = null
    let histogram: NativeHistogram | null = null
    let from = -1
    let to = -1
    cursor.object((key) => {
      if (key === 'metric') {
        cursor.peek()
        from = cursor.at
        series = this.labels()
        to = cursor.at
      } else if (key === 'value') {
        const at = samplePair(cursor, sample)
        this.evaluatedAt ??= at
      } else if (key === 'histogram') {
        const pair = readHistogramPair(cursor)
        histogram = pair.histogram
        this.evaluatedAt ??= pair.at
      } else cursor.skip()
    })
    if (from < 0) throw cursor.error('a metric in the row')
    if (histogram !== null) (this.histograms ??= new Map()).set(this.count, histogram)
    this.push(series, from, to)
  }

  /** Takes the labels; null when they are the remembered ones of this row. */
  private labels(): AnsweredSeries | null {
    const { before, count, cursor } = this
    if (before !== null && count < before.series.length) {
      const from = before.spans[2 * count] as number
      const to = before.spans[2 * count + 1] as number
      // A JSON object ends where it ends: equal bytes are the same labels and nothing more.
      if (to > from && cursor.takeSame(before.bytes, from, to)) return null
    }
    const series = readLabels(cursor, this.limits)
    const admitted = this.lets === null || this.lets(series.labels)
    if (typeof admitted === 'object') return admitted
    return admitted ? series : STRANGER
  }

  private push(series: AnsweredSeries | null, from: number, to: number): void {
    const { count } = this
    if (count >= this.limits.maxSeries) {
      throw new AnswerError(from, `at most ${this.limits.maxSeries} series`)
    }
    if (count === this.values.length) this.grow()
    this.values[count] = this.sample.value
    this.spans[2 * count] = from
    this.spans[2 * count + 1] = to
    const known = this.before?.series[count]
    const own = series ?? known ?? NO_LABELS
    if (this.fresh !== null) this.fresh.push(own)
    else if (own !== known) this.fresh = [...(this.before?.series.slice(0, count) ?? []), own]
    this.count++
  }

  private grow(): void {
    const values = new Float64Array(2 * this.values.length)
    values.set(this.values)
    this.values = values
    const spans = new Uint32Array(2 * this.spans.length)
    spans.set(this.spans)
    this.spans = spans
  }

  remember(): Remembered {
    const before = this.before?.series ?? []
    const same = this.fresh === null && this.count === before.length
    const series = same ? before : (this.fresh ?? before.slice(0, this.count))
    return { bytes: this.cursor.bytes, series, spans: this.spans }
  }

  vector(series: readonly AnsweredSeries[]): Vector {
    return {
      series,
      values: this.values.subarray(0, this.count),
      histograms: this.histograms ?? NO_HISTOGRAMS,
      evaluatedAt: this.evaluatedAt,
    }
  }
}

const NO_LABELS: AnsweredSeries = { name: '', labels: new Map() }

/** @param limits `labels`: those to keep; all, where none are given */
export function readLabels(
  cursor: JsonCursor,
  limits: ReaderLimits & Pick<ReaderOptions, 'labels'>,
): AnsweredSeries {
  const { labels: wanted, maxLabels, maxLabelBytes } = limits
  const labels = new Map<string, string>()
  let name = ''
  let count = 0
  cursor.object((key) => {
    const isName = key === '__name__'
    if (!isName && ++count > maxLabels) throw cursor.error(`at most ${maxLabels} labels`)
    if (isName) name = cursor.string(maxLabelBytes)
    else if (wanted === undefined || wanted.has(key)) labels.set(key, cursor.string(maxLabelBytes))
    else cursor.passText(maxLabelBytes)
  })
  return { name, labels }
}
