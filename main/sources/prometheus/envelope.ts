import { usedSecrets } from '../../platform/redact.ts'
import type { JsonCursor } from './jsonCursor.ts'

/** What stands around the data of every answer. */
export interface Envelope {
  /** Warnings and infos of the server, in its words, bounded. */
  readonly warnings: readonly string[]
  /**
   * The answer may lack rows: VictoriaMetrics' `isPartial`, or any warning. Thanos tells of stores that did not answer
   * by a warning alone, and so does Prometheus of results that it cut off.
   */
  readonly partial: boolean
  /** Set when `status` is "error". */
  readonly error: { readonly type: string; readonly text: string } | null
  readonly hasData: boolean
}

const MAX_NOTES = 20
const MAX_NOTE = 500

/**
 * Takes the whole answer, in steps.
 * @param data takes the value of `data` wherever it stands
 */
export function* readEnvelope(
  cursor: JsonCursor,
  data: () => Generator<void, void>,
): Generator<void, Envelope> {
  const notes: Notes = { warnings: [], partial: false }
  let isPartial = false
  let status = ''
  let errorType = ''
  let errorText = ''
  let hasData = false
  for (const key of cursor.members()) {
    if (key === 'status') status = cursor.string(32)
    else if (key === 'data' && cursor.peek() !== 0x6e /* null */) {
      if (hasData) throw cursor.error('data once')
      hasData = true
      yield* data()
    } else if ((key === 'warnings' || key === 'infos') && cursor.peek() === 0x5b /* [ */) {
      yield* readNotes(cursor, key === 'warnings', notes)
    } else if (key === 'isPartial') isPartial = cursor.boolean() || isPartial
    else if (key === 'errorType' && cursor.peek() === 0x22 /* " */) errorType = cursor.string(1024)
    else if (key === 'error' && cursor.peek() === 0x22 /* " */) errorText = cursor.string(1024 * 1024)
    else yield* cursor.skipped()
    yield
  }
  cursor.end()
  if (status !== 'success' && status !== 'error') throw cursor.error('a status of "success" or "error"')
  return {
    warnings: notes.warnings,
    partial: isPartial || notes.partial,
    error: status === 'error' ? { type: errorType, text: errorText.slice(0, MAX_NOTE) } : null,
    hasData,
  }
}

interface Notes {
  readonly warnings: string[]
  partial: boolean
}

function* readNotes(cursor: JsonCursor, areWarnings: boolean, notes: Notes): Generator<void, void> {
  for (const _ of cursor.elements()) {
    const text = cursor.string(64 * 1024)
    notes.partial ||= areWarnings && isOfMissingRows(text)
    if (notes.warnings.length < MAX_NOTES) notes.warnings.push(usedSecrets.scrub(text).slice(0, MAX_NOTE))
    yield
  }
}

/** Remarks of the query language are about how the query is written, not about rows that are missing. */
export function isOfMissingRows(warning: string): boolean {
  return !/^PromQL (?:info|warning):/i.test(warning)
}
