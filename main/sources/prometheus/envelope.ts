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

/** Takes the whole answer; `onData` takes the value of `data` wherever it stands. */
export function readEnvelope(cursor: JsonCursor, onData: () => void): Envelope {
  const warnings: string[] = []
  let partial = false
  let status = ''
  let errorType = ''
  let errorText = ''
  let hasData = false
  let inWarnings = false
  const note = () => {
    const text = cursor.string(64 * 1024)
    partial ||= inWarnings && isOfMissingRows(text)
    if (warnings.length < MAX_NOTES) warnings.push(usedSecrets.scrub(text).slice(0, MAX_NOTE))
  }
  cursor.object((key) => {
    if (key === 'status') status = cursor.string(32)
    else if (key === 'data' && cursor.peek() !== 0x6e /* null */) {
      if (hasData) throw cursor.error('data once')
      hasData = true
      onData()
    } else if ((key === 'warnings' || key === 'infos') && cursor.peek() === 0x5b /* [ */) {
      inWarnings = key === 'warnings'
      cursor.array(note)
    } else if (key === 'isPartial') partial = cursor.boolean() || partial
    else if (key === 'errorType' && cursor.peek() === 0x22 /* " */) errorType = cursor.string(1024)
    else if (key === 'error' && cursor.peek() === 0x22 /* " */) errorText = cursor.string(1024 * 1024)
    else cursor.skip()
  })
  cursor.end()
  if (status !== 'success' && status !== 'error') throw cursor.error('a status of "success" or "error"')
  return {
    warnings,
    partial,
    error: status === 'error' ? { type: errorType, text: errorText.slice(0, MAX_NOTE) } : null,
    hasData,
  }
}

/** Remarks of the query language are about how the query is written, not about rows that are missing. */
export function isOfMissingRows(warning: string): boolean {
  return !/^PromQL (?:info|warning):/i.test(warning)
}
