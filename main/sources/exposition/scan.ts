import { isBlank } from '../../../shared/model/blank.ts'
import { LineError, LineNumbers, placed } from './error.ts'
import { endsWithEof } from './format.ts'
import {
  isDigit,
  isNameByte,
  keyOfLabels,
  labelBlockEnd,
  nameText,
  readLabels,
  skipBlanks,
} from './labels.ts'
import { numberEnd, readNumber, timestamp, timestampEnd } from './number.ts'
import {
  type Block,
  columnsOf,
  type Known,
  type LabelSet,
  NO_LABELS,
  nothingKnown,
  recall,
  type Scanned,
} from './known.ts'
import { isLineEnd, lineEnd } from './line.ts'
import { Malformed } from './malformed.ts'
import { NOWHERE, Outline, type Piece, viewOf } from './outline.ts'
import type { ParserOptions, ScrapedSeries, ScrapeLimits } from './types.ts'

const NEWLINE = 10
const HASH = 35
const OPEN = 123
const MOST_REFUSED = 20
/** Bytes that label blocks may have on the average: those of dcgm-exporter have about 300. */
const MEAN_BLOCK_BYTES = 512

/** So many bytes are read between two places where the reading may rest. */
const BYTES_AT_ONCE = 32 * 1024

/**
 * Reads a body line by line. A line that is no sample is passed over, counted and named: exporters write an error text
 * where a value should be, and that says nothing about their other series.
 * @param before what the last body left; null before the first
 * @throws ExpositionError for a body that is cut off, beyond a limit, or no exposition: most of its lines are no samples
 */
export function* scan(
  body: Uint8Array,
  openMetrics: boolean,
  limits: ScrapeLimits,
  before: Scanned | null,
  options: ParserOptions,
): Generator<void, Scanned> {
  const known = before === null ? nothingKnown() : yield* recall(before)
  try {
    const scanning = new Scan(body, openMetrics, limits, known, options)
    for (let to = BYTES_AT_ONCE; scanning.readTo(to); to += BYTES_AT_ONCE) yield
    return scanning.end()
  } catch (error) {
    throw error instanceof LineError ? placed(body, error) : error
  }
}

class Scan {
  readonly #body: Buffer
  readonly #view: DataView
  readonly #limits: ScrapeLimits
  readonly #before: Known
  readonly #known = nothingKnown()
  readonly #outline = new Outline()
  readonly #series: ScrapedSeries[] = []
  readonly #values: number[] = []
  /** By the place of their series; most expositions have none. */
  #times: Map<number, number> | null = null
  readonly #refused: string[] = []
  /** Metrics that a series was refused of. */
  readonly #lost = new Set<string>()
  readonly #lines: LineNumbers
  readonly #malformed: Malformed
  readonly #openMetrics: boolean
  readonly #dcgmBlanks: boolean
  readonly #isWanted: (name: string) => boolean
  /** Blocks of series that are not wanted, by their bytes: not read, only compared. */
  readonly #passedBlocks = new Map<string, Block>()
  /** Bytes of the label blocks that are kept. */
  #blockBytes = 0
  #passedOver = 0
  #beyond = 0
  #samples = 0
  /** Where the next line begins. */
  #at = 0
  #previousEnd = 0
  #lead: Piece | null = null
  #name = ''
  /** Whether series of this name are. */
  #wanted = true
  #ofName: Map<LabelSet, ScrapedSeries> = new Map()
  #block: Block | null = null

  constructor(
    body: Uint8Array,
    openMetrics: boolean,
    limits: ScrapeLimits,
    before: Known,
    options: ParserOptions,
  ) {
    this.#body = Buffer.from(body.buffer, body.byteOffset, body.length)
    this.#view = viewOf(body)
    this.#limits = limits
    this.#before = before
    this.#openMetrics = openMetrics
    this.#dcgmBlanks = options.dcgmBlanks
    this.#isWanted = options.isWanted ?? (() => true)
    this.#lines = new LineNumbers(this.#body)
    this.#malformed = new Malformed(this.#body, this.#lines, this.#limits)
  }

  /**
   * Reads lines until one begins behind this offset.
   * @returns whether there are more of them
   */
  readTo(offset: number): boolean {
    const body = this.#body
    const end = Math.min(offset, body.length)
    let i = this.#at
    while (i < end) {
      const quick = this.#expectedSample()
      if (quick !== -1) {
        i = quick
        continue
      }
      const start = skipBlanks(body, i)
      const byte = body[start]
      if (byte === HASH) i = this.#comment(start)
      else if (isLineEnd(byte)) i = lineEnd(body, start)
      else i = this.#sampleOrNone(start)
    }
    this.#at = i
    return i < body.length
  }

  /** After the last line. */
  end(): Scanned {
    const body = this.#body
    this.#malformed.refuseMajority(this.#samples)
    if (this.#openMetrics && !endsWithEof(body)) {
      throw new LineError(body.length, '`# EOF` in the last line; the answer is cut off')
    }
    if (!this.#openMetrics && body.length > 0 && body[body.length - 1] !== NEWLINE) {
      throw new LineError(body.length, 'the end of the last line; the answer is cut off')
    }
    this.#outline.seal(this.#outline.keep(body, this.#previousEnd, body.length))
    return {
      series: this.#series,
      values: Float64Array.from(this.#values),
      times: timesOf(this.#times, this.#values.length),
      outline: this.#outline,
      blocks: columnsOf([...this.#known.blocks.values()]),
      passedOver: this.#passedOver,
      beyond: this.#beyond,
      refused: this.#refused,
      lost: this.#lost,
      malformed: this.#malformed.told(),
    }
  }

  /**
   * The line that usually comes: the name of the line before and the block that followed the last one before. Returns
   * the end of its value, or -1 where another line stands, which is then read in full.
   */
  #expectedSample(): number {
    const body = this.#body
    const block = this.#block?.next
    if (this.#lead === null || block === null || block === undefined) return -1
    const nameEnd = this.#outline.fits(this.#view, this.#previousEnd, this.#lead)
    if (nameEnd === -1 || isNameByte(body[nameEnd])) return -1
    const valueStart = this.#outline.fits(this.#view, nameEnd, block.piece)
    if (valueStart === -1) return -1
    const value = readNumber(body, valueStart)
    if (value === undefined) return -1
    const valueEnd = numberEnd()
    const end = timestampEnd(body, valueEnd)
    if (body[end] !== NEWLINE) return -1
    this.#take(nameEnd - this.#name.length, this.#lead, block, value, timestamp())
    this.#previousEnd = end
    return end
  }

  /** HELP, TYPE, UNIT and free comments say nothing that those who read the series do not know better. */
  #comment(start: number): number {
    const body = this.#body
    const end = lineEnd(body, start)
    if (this.#openMetrics && end < body.length && body.toString('latin1', start, end).trimEnd() === '# EOF') {
      throw new LineError(end, 'nothing after `# EOF`')
    }
    return end
  }

  /** Returns the start of the next line, whether or not this one was a sample. */
  #sampleOrNone(start: number): number {
    try {
      return this.#sample(start)
    } catch (error) {
      if (!(error instanceof LineError)) throw error
      this.#malformed.add(start, error)
      this.#bound(start)
      return lineEnd(this.#body, start)
    }
  }

  #sample(start: number): number {
    const body = this.#body
    let nameEnd = start
    while (isNameByte(body[nameEnd])) nameEnd++
    if (nameEnd === start || isDigit(body[start])) throw new LineError(start, 'a metric name or `#`')
    if (nameEnd - start > this.#limits.maxLabelLength) {
      throw new LineError(start, `a metric name of at most ${this.#limits.maxLabelLength} bytes`)
    }
    const blockStart = skipBlanks(body, nameEnd)
    const blockEnd = body[blockStart] === OPEN ? labelBlockEnd(body, blockStart) : blockStart
    const valueStart = skipBlanks(body, blockEnd)
    if (valueStart === nameEnd) throw new LineError(valueStart, 'a space or `{` after the metric name')
    const value = readNumber(body, valueStart)
    if (value === undefined) throw new LineError(valueStart, 'a number')
    const valueEnd = numberEnd()
    const next = this.#rest(valueEnd)

    if (this.#isBeyond(start, nameEnd, valueStart)) {
      this.#passOver(start, valueEnd)
      return next
    }
    const name = nameText(body, start, nameEnd)
    if (name !== this.#name) this.#turnTo(name)
    const lead = this.#outline.keep(body, this.#previousEnd, nameEnd)
    const block = this.#wanted
      ? this.#blockOf(nameEnd, blockStart, valueStart)
      : this.#passedBlock(nameEnd, valueStart)
    // Only a lead of one line comes again: the one with HELP and TYPE stands before the first sample alone.
    this.#lead = nameEnd - this.#previousEnd === name.length + 1 ? lead : this.#plainLead(start, nameEnd)
    const end = timestampEnd(body, valueEnd)
    this.#take(start, lead, block, value, timestamp())
    this.#previousEnd = end
    return next
  }

  /** More names or label sets than a target may have, and not one that the last body had. */
  #isBeyond(start: number, nameEnd: number, valueStart: number): boolean {
    const { maxLabelSets } = this.#limits
    const names = this.#known.series
    if (names.size >= maxLabelSets) {
      const name = nameText(this.#body, start, nameEnd)
      if (!names.has(name) && !this.#before.series.has(name)) return true
    }
    const blocks = this.#known.blocks.size + this.#passedBlocks.size
    if (blocks < maxLabelSets && this.#blockBytes < maxLabelSets * MEAN_BLOCK_BYTES) return false
    const text = this.#body.toString('latin1', nameEnd, valueStart)
    return !this.#known.blocks.has(text) && !this.#before.blocks.has(text) && !this.#passedBlocks.has(text)
  }

  #passOver(start: number, valueEnd: number): void {
    this.#countSample(start)
    this.#beyond++
    this.#outline.leaveOut()
    this.#lead = null
    this.#block = null
    this.#previousEnd = timestampEnd(this.#body, valueEnd)
  }

  #countSample(start: number): void {
    this.#samples++
    this.#bound(start)
  }

  /** The lead of the next line of the same metric: a newline and the name. */
  #plainLead(start: number, nameEnd: number): Piece | null {
    return start > 0 && this.#body[start - 1] === NEWLINE
      ? this.#outline.keep(this.#body, start - 1, nameEnd)
      : null
  }

  /** Behind the value: nothing, a timestamp, an exemplar. Returns the start of the next line. */
  #rest(valueEnd: number): number {
    const body = this.#body
    if (body[valueEnd] === NEWLINE) return valueEnd + 1
    let i = skipBlanks(body, valueEnd)
    if (!isLineEnd(body[i]) && body[i] !== HASH) {
      if (readNumber(body, i) === undefined) throw new LineError(i, 'a timestamp or the end of the line')
      i = skipBlanks(body, numberEnd())
    }
    if (body[i] === HASH && this.#openMetrics) return lineEnd(body, i)
    if (!isLineEnd(body[i])) throw new LineError(i, 'the end of the line')
    return lineEnd(body, i)
  }

  #turnTo(name: string): void {
    this.#name = name
    this.#wanted = this.#isWanted(name)
    const known = this.#known.series.get(name)
    this.#ofName = known ?? new Map()
    if (known === undefined) this.#known.series.set(name, this.#ofName)
  }

  #blockOf(nameEnd: number, blockStart: number, valueStart: number): Block {
    const piece = this.#outline.keep(this.#body, nameEnd, valueStart)
    if (piece === NOWHERE) return this.#readBlock(blockStart, piece)
    const text = this.#body.toString('latin1', nameEnd, valueStart)
    const here = this.#known.blocks.get(text)
    if (here !== undefined) return here
    const block = this.#before.blocks.get(text) ?? this.#readBlock(blockStart, piece)
    if (block.refusal === null) this.#known.labelSets.set(block.key, block.labels)
    block.piece = piece
    block.next = null
    // A refused block keeps no labels.
    if (block.refusal === null) this.#blockBytes += valueStart - nameEnd
    this.#known.blocks.set(text, block)
    return block
  }

  #passedBlock(nameEnd: number, valueStart: number): Block {
    const piece = this.#outline.keep(this.#body, nameEnd, valueStart)
    const text = this.#body.toString('latin1', nameEnd, valueStart)
    const here = this.#passedBlocks.get(text)
    if (here !== undefined) return here
    const block = { labels: NO_LABELS, key: '', refusal: null, piece, next: null }
    this.#passedBlocks.set(text, block)
    return block
  }

  #readBlock(blockStart: number, piece: Piece): Block {
    const { labels, refusal } = readLabels(this.#body, blockStart, this.#limits)
    if (refusal !== null) return { labels, key: '', refusal, piece, next: null }
    const key = keyOfLabels(labels)
    const shared = this.#known.labelSets.get(key) ?? this.#before.labelSets.get(key) ?? labels
    this.#known.labelSets.set(key, shared)
    return { labels: shared, key, refusal, piece, next: null }
  }

  #take(start: number, lead: Piece, block: Block, value: number, time: number): void {
    this.#countSample(start)
    if (this.#block !== null) this.#block.next = block
    this.#block = block
    const isTaken = this.#isTaken(block, start)
    if (isTaken) {
      const series = this.#before.series.get(this.#name)?.get(block.labels) ?? {
        name: this.#name,
        labels: block.labels,
      }
      this.#ofName.set(block.labels, series)
      this.#series.push(series)
      this.#values.push(this.#dcgmBlanks && isBlank(value) ? Number.NaN : value)
      if (!Number.isNaN(time)) (this.#times ??= new Map()).set(this.#values.length - 1, time)
    }
    this.#outline.add(lead, block.piece, isTaken)
  }

  #bound(start: number): void {
    const { maxSamples } = this.#limits
    if (this.#samples + this.#malformed.count <= maxSamples) return
    throw placed(this.#body, new LineError(start, `at most ${maxSamples} samples`))
  }

  #isTaken(block: Block, start: number): boolean {
    if (!this.#wanted) {
      this.#passedOver++
      return false
    }
    // `_created` is OpenMetrics' way to say when a counter began, not a figure.
    if (this.#openMetrics && this.#name.endsWith('_created')) return false
    const why = this.#ofName.has(block.labels)
      ? 'the same series stands twice; its first value counts'
      : block.refusal
    if (why === null) return true
    if (why === block.refusal && this.#lost.size < MOST_REFUSED) this.#lost.add(this.#name)
    if (this.#refused.length < MOST_REFUSED) {
      const line = this.#lines.of(start)
      this.#refused.push(`line ${line}: ${this.#name.slice(0, 80)}: ${why}`)
    }
    return false
  }
}

function timesOf(times: ReadonlyMap<number, number> | null, length: number): Float64Array | null {
  if (times === null) return null
  const all = new Float64Array(length).fill(Number.NaN)
  for (const [index, time] of times) all[index] = time
  return all
}
