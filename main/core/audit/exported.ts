import { z } from 'zod'
import { canonicalJson } from '../../../shared/model/canonicalJson.ts'
import type { Sha256 } from './chain.ts'
import { type ChainBreak, ChainCheck, type KnownHead } from './check.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** First line of an exported audit: what must follow, so that a file that was cut off is known as such. */
const headerSchema = z.strictObject({
  floorwatch: z.literal('audit'),
  v: z.literal(1),
  site: z.string(),
  exportedAt: z.int(),
  /** The first and the last entry, and the hash before the first and of the last. */
  first: z.int().min(1),
  last: z.int().min(1),
  prev: hash,
  head: hash,
  /** Over all of this line in canonical JSON, except itself. */
  hash,
})
export type ExportHeader = z.infer<typeof headerSchema>

const DOMAIN = 'floorwatch-audit-export-v1\n'

export function headerLine(content: Omit<ExportHeader, 'hash'>, sha256: Sha256): string {
  return canonicalJson({ ...content, hash: sha256(DOMAIN + canonicalJson(content)) })
}

/** Null for what is no header, or one that was changed. */
export function readHeader(line: string, sha256: Sha256): ExportHeader | null {
  try {
    const result = headerSchema.safeParse(JSON.parse(line))
    if (!result.success || canonicalJson(result.data) !== line) return null
    const expected = sha256(DOMAIN + canonicalJson({ ...result.data, hash: undefined }))
    return expected === result.data.hash ? result.data : null
  } catch {
    return null
  }
}

export interface ExportVerdict {
  /** Null where the first line is not one that Floorwatch wrote. */
  readonly header: ExportHeader | null
  /** Entries in order. */
  readonly entries: number
  readonly lastHash: string | null
  readonly broken: ChainBreak | null
}

/**
 * Checks an exported audit, line by line: the header, then the entries, each line ended by a line feed.
 * @param lines without their line feeds
 * @param ended whether the last one had one
 */
export function checkExport(
  lines: Iterable<string>,
  ended: boolean,
  sha256: Sha256,
  known: readonly KnownHead[] = [],
): ExportVerdict {
  let header: ExportHeader | null = null
  let check: ChainCheck | null = null
  for (const line of lines) {
    if (check !== null) {
      check.take(line)
      continue
    }
    header = readHeader(line, sha256)
    if (header === null) break
    const { first, prev, last, head } = header
    check = new ChainCheck(sha256, { seq: first, prev }, [{ seq: last, hash: head }, ...known])
  }
  if (header === null || check === null) {
    return { header: null, entries: 0, lastHash: null, broken: { seq: 0, kind: 'unreadable' } }
  }
  const entries = check.nextSeq - header.first
  const beyond = check.nextSeq - 1 > header.last ? { seq: header.last + 1, kind: 'reordered' as const } : null
  const cut = ended ? null : { seq: check.nextSeq - 1, kind: 'truncated' as const }
  return { header, entries, lastHash: check.lastHash, broken: check.end() ?? beyond ?? cut }
}
