import { LineError, type LineNumbers, placed } from './error.ts'
import { usedSecrets } from '../../platform/redact.ts'
import { isNameByte, labelBlockEnd, nameText, readLabels, skipBlanks } from './labels.ts'
import type { MalformedLines, ScrapedSeries, ScrapeLimits } from './types.ts'

const MOST_NAMED = 8
/** An exporter that writes this many is no exporter; each costs more than a sample does. */
const MOST_LINES = 10_000
/** Of what is looked at to quote it, bytes. */
const LONGEST_READ = 4096
/** Of what is quoted from a line, characters. */
const LONGEST_SERIES = 120
const LONGEST_TEXT = 48
const NEWLINE = 10
const OPEN = 123
/** Lines whose series are read all the same: as many as a host of 16 GPUs has, and more. */
const MOST_SERIES = 1024
const NONE: MalformedLines = { count: 0, names: [], words: [], series: [], others: new Map() }

/** Counts the lines that are no samples while a body is read, and says which they are. */
export class Malformed {
  readonly #body: Buffer
  readonly #lines: LineNumbers
  readonly #byName = new Map<string, { readonly words: string; more: number }>()
  #first: LineError | null = null
  #count = 0
  #unnamed = false
  readonly #limits: ScrapeLimits
  readonly #series: ScrapedSeries[] = []
  readonly #others = new Map<string, number>()

  constructor(body: Buffer, lines: LineNumbers, limits: ScrapeLimits) {
    this.#body = body
    this.#lines = lines
    this.#limits = limits
  }

  get count(): number {
    return this.#count
  }

  /**
   * @param start of the line in the body
   * @throws ExpositionError where there are too many
   */
  add(start: number, error: LineError): void {
    this.#first ??= error
    this.#count++
    if (this.#count > MOST_LINES) throw placed(this.#body, this.#first)
    let nameEnd = start
    while (isNameByte(this.#body[nameEnd]) && nameEnd - start < LONGEST_SERIES) nameEnd++
    const name = nameText(this.#body, start, nameEnd)
    const series = this.#seriesOf(name, nameEnd)
    if (series !== null) this.#series.push(series)
    else {
      const of = this.#others.has(name) || this.#others.size < MOST_NAMED ? name : ''
      this.#others.set(of, (this.#others.get(of) ?? 0) + 1)
    }
    const known = this.#byName.get(name)
    if (known !== undefined) known.more++
    else if (this.#byName.size >= MOST_NAMED) this.#unnamed = true
    else this.#byName.set(name, { words: this.#words(start, error), more: 0 })
  }

  /**
   * A body of which most lines are no samples is a page or an error, and none of what reads like a sample is one.
   * @throws ExpositionError
   */
  refuseMajority(samples: number): void {
    if (this.#first !== null && this.#count > samples) throw placed(this.#body, this.#first)
  }

  told(): MalformedLines {
    if (this.#count === 0) return NONE
    return {
      count: this.#count,
      names: [...this.#byName.keys(), ...(this.#unnamed ? [''] : [])],
      words: [...this.#byName.values()].map(({ words, more }) =>
        more === 0 ? words : `${words} (and ${more} more ${more === 1 ? 'line' : 'lines'} of this metric)`,
      ),
      series: this.#series,
      others: this.#others,
    }
  }

  /** Whose figure the line should have been; null where it does not say. */
  #seriesOf(name: string, nameEnd: number): ScrapedSeries | null {
    const offset = skipBlanks(this.#body, nameEnd)
    if (name === '' || this.#body[offset] !== OPEN || this.#series.length >= MOST_SERIES) return null
    try {
      labelBlockEnd(this.#body, offset)
      const { labels, refusal } = readLabels(this.#body, offset, this.#limits)
      return refusal === null ? { name, labels } : null
    } catch (error) {
      if (error instanceof LineError) return null
      throw error
    }
  }

  #words(start: number, { offset, expected }: LineError): string {
    const line = this.#lines.of(start)
    const series = this.#quote(start, offset, LONGEST_SERIES)
    const next = this.#body.indexOf(NEWLINE, offset)
    const text = this.#quote(offset, next === -1 ? this.#body.length : next, LONGEST_TEXT)
    const found = text === '' ? 'the end of the line' : JSON.stringify(text)
    return `line ${line}${series === '' ? '' : `: ${series}`}: expected ${expected}, found ${found}`
  }

  #quote(from: number, to: number, longest: number): string {
    const whole = this.#body.toString('utf8', from, Math.min(to, from + LONGEST_READ))
    // Before it is cut: half a secret is not recognised.
    const text = usedSecrets.scrub(whole).trim()
    return text.length > longest ? `${text.slice(0, longest).trimEnd().toWellFormed()}…` : text
  }
}
