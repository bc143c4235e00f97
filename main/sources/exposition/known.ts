import { keyOfLabels } from './labels.ts'
import { NOWHERE, type Outline, type Piece } from './outline.ts'
import type { MalformedLines, ScrapedSeries } from './types.ts'

/** So many series are looked up again between two places where the reading may rest. */
const SERIES_AT_ONCE = 1024

/** A distinct label block: the labels of one GPU, say, which stand behind each of its thirty metrics. */
export interface Block {
  /** The same object for the same labels, in whatever order and spelling they stand there. */
  readonly labels: LabelSet
  /** See keyOfLabels. */
  readonly key: string
  /** Why series with it are not taken; null where they are. */
  readonly refusal: string | null
  /** Where its bytes are kept in the outline of the body that is being read. */
  piece: Piece
  /** The block that came after it last: exporters list GPUs in the same order for every metric. */
  next: Block | null
}

export type LabelSet = ReadonlyMap<string, string>
export const NO_LABELS: LabelSet = new Map()

/** Blocks by their bytes, label sets by their key, series by name and label set. */
export interface Known {
  readonly blocks: Map<string, Block>
  readonly labelSets: Map<string, LabelSet>
  readonly series: Map<string, Map<LabelSet, ScrapedSeries>>
}

export function nothingKnown(): Known {
  return { blocks: new Map(), labelSets: new Map(), series: new Map() }
}

/** What stays of a body for the next one. */
export interface Scanned {
  readonly series: readonly ScrapedSeries[]
  readonly values: Float64Array
  /** Timestamps in the unit of the format, NaN where a sample has none; null where no sample has one. */
  readonly times: Float64Array | null
  readonly outline: Outline
  readonly blocks: KeptBlocks
  readonly passedOver: number
  readonly beyond: number
  readonly refused: readonly string[]
  readonly lost: ReadonlySet<string>
  readonly malformed: MalformedLines
}

/** Column by column: a server of models has a hundred blocks, and thousands of servers an object for each. */
interface KeptBlocks {
  readonly labels: readonly LabelSet[]
  readonly pieces: Uint32Array
  /** By place, of those whose series are not taken. */
  readonly refusals: ReadonlyMap<number, string> | null
}

/**
 * Looks up again what the last body held. Kept for each of thousands of targets the look-ups would take more memory than
 * all the rest, for a case that is rare: nearly every body fits the outline of the one before.
 */
export function* recall({ series, blocks, outline }: Scanned): Generator<void, Known> {
  const known = nothingKnown()
  const keys = new Map<LabelSet, string>()
  for (const [place, one] of series.entries()) {
    if (place % SERIES_AT_ONCE === SERIES_AT_ONCE - 1) yield
    if (!keys.has(one.labels)) {
      const key = keyOfLabels(one.labels)
      keys.set(one.labels, key)
      known.labelSets.set(key, one.labels)
    }
    const ofName = known.series.get(one.name)
    if (ofName === undefined) known.series.set(one.name, new Map([[one.labels, one]]))
    else ofName.set(one.labels, one)
  }
  for (const [place, labels] of blocks.labels.entries()) {
    if (place % SERIES_AT_ONCE === SERIES_AT_ONCE - 1) yield
    const refusal = blocks.refusals?.get(place) ?? null
    const key = refusal === null ? (keys.get(labels) ?? keyOfLabels(labels)) : ''
    const text = outline.text(blocks.pieces[place] as number)
    known.blocks.set(text, { labels, key, refusal, piece: NOWHERE, next: null })
  }
  return known
}

export function columnsOf(blocks: readonly Block[]): KeptBlocks {
  const refusals = blocks.flatMap(({ refusal }, place) =>
    refusal === null ? [] : [[place, refusal] as const],
  )
  return {
    labels: blocks.map(({ labels }) => labels),
    pieces: Uint32Array.from(blocks, ({ piece }) => piece),
    refusals: refusals.length === 0 ? null : new Map(refusals),
  }
}
