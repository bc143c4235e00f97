import { canonicalJson } from '../../../shared/model/canonicalJson.ts'
import { hashOf, type Sha256 } from './chain.ts'
import { type AuditRecord, auditRecordSchema, GENESIS } from './entry.ts'

/**
 * How a chain is broken. `unreadable`: an entry is not in its one form · `changed`: it does not have the hash that its
 * content has · `unlinked`: it does not name the hash of the entry before it, so one of the two was replaced · `missing`:
 * entries are left out · `reordered`: one stands where another belongs · `truncated`: it ends before the head that is
 * known · `otherHead`: the entry at the place of the known head is another one.
 */
export type BreakKind =
  | 'unreadable'
  | 'changed'
  | 'unlinked'
  | 'missing'
  | 'reordered'
  | 'truncated'
  | 'otherHead'

/** The first entry that is broken, by its sequence number: the one that stands there, or that should. */
export interface ChainBreak {
  readonly seq: number
  readonly kind: BreakKind
}

/** An end of the chain that somebody kept. */
export interface KnownHead {
  /** Null: wherever it is. */
  readonly seq: number | null
  readonly hash: string
}

/** Where a chain, or a cut-out of it, begins. */
export interface ChainStart {
  readonly seq: number
  /** The hash of the entry before it; null where that is not known, so that the first one's is believed. */
  readonly prev: string | null
}

export const WHOLE_CHAIN: ChainStart = { seq: 1, prev: GENESIS }

/**
 * Reads a chain entry by entry, each as the text that is kept, and stops at the first that is broken. Every byte counts:
 * a text that says the same in another form is broken, too.
 */
export class ChainCheck {
  readonly #sha256: Sha256
  readonly #heads: readonly KnownHead[]
  #next: number
  #last: string | null
  #found: ChainBreak | null = null
  readonly #seen = new Set<string>()
  /** Authentic entries stood where another belongs: whether the missing one comes later decides what it was. */
  #gapAt: number | null = null

  constructor(sha256: Sha256, start: ChainStart = WHOLE_CHAIN, heads: readonly KnownHead[] = []) {
    this.#sha256 = sha256
    this.#next = start.seq
    this.#last = start.prev
    this.#heads = heads
  }

  /** Entries that were in order, so far. */
  get nextSeq(): number {
    return this.#next
  }

  get lastHash(): string | null {
    return this.#last
  }

  /** @returns the entry where it is in order, null from the first break on */
  take(text: string): AuditRecord | null {
    if (this.#gapAt !== null) {
      this.#lookFor(this.#gapAt, text)
      return null
    }
    if (this.#found !== null) return null
    const record = readRecord(text)
    if (record === null) return this.#broken('unreadable')
    if (hashOf(record, this.#sha256) !== record.hash) return this.#broken('changed')
    if (record.seq > this.#next) {
      this.#gapAt = this.#next
      return this.#broken('missing')
    }
    if (record.seq < this.#next) return this.#broken('reordered')
    if (this.#last !== null && record.prev !== this.#last) return this.#broken('unlinked')
    const head = this.#heads.find(({ seq }) => seq === record.seq)
    if (head !== undefined && head.hash !== record.hash) return this.#broken('otherHead')
    for (const known of this.#heads) if (known.hash === record.hash) this.#seen.add(known.hash)
    this.#next += 1
    this.#last = record.hash
    return record
  }

  /** There are no more entries. */
  end(): ChainBreak | null {
    if (this.#found !== null) return this.#found
    const lacking = this.#heads.find(({ hash }) => !this.#seen.has(hash))
    return lacking === undefined ? null : { seq: this.#next, kind: 'truncated' }
  }

  #lookFor(seq: number, text: string): void {
    if (readRecord(text)?.seq !== seq) return
    this.#found = { seq, kind: 'reordered' }
    this.#gapAt = null
  }

  #broken(kind: BreakKind): null {
    this.#found = { seq: this.#next, kind }
    return null
  }
}

/** Null for a text that is not an entry in canonical JSON. */
export function readRecord(text: string): AuditRecord | null {
  try {
    const result = auditRecordSchema.safeParse(JSON.parse(text))
    return result.success && canonicalJson(result.data) === text ? result.data : null
  } catch {
    return null
  }
}
