import type { SourceDoubt } from '../../../shared/model/source.ts'
import { inWords } from '../../../shared/model/phrases.ts'
import type { ParsedScrape } from './types.ts'
import { message } from '../../../shared/messages/message.ts'

/** Two machines' clocks may differ by this much without a word, ms. */
const AHEAD_MS = 60_000
/** A series this much older than the newest of its answer has ended: a federating server goes on to send it, ms. */
const ENDED_MS = 5 * 60_000

export interface HeededTimes {
  /** When the answer as a whole was true: its newest sample, where all of them say; else when it was asked for, ms. */
  readonly sampledAt: number
  /** Null where the times can be believed. */
  readonly doubt: SourceDoubt | null
}

/**
 * Heeds the times that a target gives its samples. What is of the future is refused, and so is what ended long before
 * the rest: those values become NaN. What is old as a whole is of then and not of now.
 * @param askedAt wall clock, ms
 */
export function heedTimes({ values, times }: ParsedScrape, askedAt: number): HeededTimes {
  if (times === null) return { sampledAt: askedAt, doubt: null }
  let newest = Number.NEGATIVE_INFINITY
  let untimed = false
  let ahead = 0
  for (const [index, time] of times.entries()) {
    if (Number.isNaN(values[index] ?? Number.NaN)) continue
    if (Number.isNaN(time)) untimed = true
    else if (time > askedAt + AHEAD_MS) {
      values[index] = Number.NaN
      ahead++
    } else newest = Math.max(newest, Math.min(time, askedAt))
  }
  const end = untimed ? askedAt : newest
  for (const [index, time] of times.entries()) if (time < end - ENDED_MS) values[index] = Number.NaN
  return {
    sampledAt: Number.isFinite(end) ? end : askedAt,
    doubt: ahead > 0 ? aheadDoubt(ahead) : oldDoubt(askedAt - end),
  }
}

function aheadDoubt(count: number): SourceDoubt {
  return {
    code: 'future-samples',
    severity: 'advisory',
    what: message('doubt.ahead'),
    by: message('doubt.ahead.by', { samples: count }),
    nextStep: message('doubt.ahead.next'),
  }
}

function oldDoubt(ageMs: number): SourceDoubt | null {
  if (!(ageMs > ENDED_MS)) return null
  return {
    code: 'old-samples',
    severity: 'advisory',
    what: message('doubt.oldSamples'),
    by: Number.isFinite(ageMs)
      ? message('doubt.oldSamples.by', { age: inWords(ageMs) })
      : message('doubt.oldSamples.by.never'),
    nextStep: message('doubt.oldSamples.next'),
  }
}
