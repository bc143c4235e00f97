import type { ServerSample } from '../types.ts'
import { type Message, message } from '../../../../shared/messages/message.ts'

/**
 * A server's queues against its own counters. Both are written by one engine: where the queue says that requests run and
 * no token is counted, or tokens are counted and the queue says that nothing runs, one of the two stands still.
 */

/** So long it takes until a contradiction is believed, ms: a long prompt counts nothing while it is read. */
const PATIENCE_MS = 60_000
/** For engines that count a request's tokens at its end, ms. */
const PATIENCE_AT_END_MS = 20 * 60_000
const LEAST_SAMPLES = 4
/** The use of a cache changes with every block: so often the same it is not read any more. */
const SAME_SAMPLES = 6
/** Tokens per second of one request, at most; from the rate it follows how many must run at once. */
const FASTEST_REQUEST = 1000
/** So many requests should have been seen in all samples together: by chance none is seen less than once in a thousand. */
const EXPECTED_UNSEEN = 7
/** And so many in each: a server that is idle nearly always says so rightly. */
const LEAST_EXPECTED = 0.5
/** Samples closer than this see the same requests, ms. */
const APART_MS = 5000
/** A full cache stays full. */
const FULL = 0.9

/** A stretch in which something holds at every sample. */
interface Stretch {
  readonly since: number
  samples: number
  /** Requests that should have been seen in it. */
  expected: number
}

export class GaugeCheck {
  readonly #patienceMs: number
  #before: { readonly at: number; readonly gauges: ServerSample['gauges'] } | null = null
  #countedAt = Number.NEGATIVE_INFINITY
  #standing: Stretch | null = null
  #unseen: Stretch | null = null
  #same: Stretch | null = null

  /** @param atEnd the engine counts tokens of a request at its end */
  constructor(atEnd: boolean) {
    this.#patienceMs = atEnd ? PATIENCE_AT_END_MS : PATIENCE_MS
  }

  /** @param grown tokens since the sample before; null where none are counted or it is not known */
  take(at: number, gauges: ServerSample['gauges'], grown: { input: number; output: number } | null): void {
    const before = this.#before
    this.#before = { at, gauges }
    if (before === null || grown === null) {
      this.#standing = this.#unseen = this.#same = null
      return
    }
    const { running } = gauges
    const counted = grown.input + grown.output
    const expected = (1000 * grown.output) / (at - before.at) / FASTEST_REQUEST
    this.#standing = extended(this.#standing, running !== null && running > 0 && counted === 0, before.at)
    if (running !== 0 || expected < LEAST_EXPECTED) this.#unseen = null
    else if (at - this.#countedAt >= APART_MS) {
      this.#unseen = extended(this.#unseen, true, before.at, expected)
      this.#countedAt = at
    }
    const same = saysTheSame(before.gauges, gauges)
    // Blocks fill with what is written: reading alone may leave the cache as it is.
    if (grown.output > 0 || !same) this.#same = extended(this.#same, same, before.at)
  }

  /** Behind the server's name; null where nothing contradicts. */
  contradiction(): Message | null {
    const now = this.#before
    if (now === null) return null
    const { running } = now.gauges
    const long = (stretch: Stretch | null, samples: number): stretch is Stretch =>
      stretch !== null && stretch.samples >= samples && now.at - stretch.since >= PATIENCE_MS
    if (long(this.#standing, LEAST_SAMPLES) && now.at - this.#standing.since >= this.#patienceMs) {
      return message('doubt.served.queues.standing', {
        running: running ?? 0,
        duration: seconds(now.at - this.#standing.since),
      })
    }
    if (
      this.#unseen !== null &&
      this.#unseen.samples >= LEAST_SAMPLES &&
      this.#unseen.expected >= EXPECTED_UNSEEN
    ) {
      return message('doubt.served.queues.unseen', { duration: seconds(now.at - this.#unseen.since) })
    }
    if (long(this.#same, SAME_SAMPLES)) {
      return message('doubt.served.queues.same', { duration: seconds(now.at - this.#same.since) })
    }
    return null
  }
}

/** Not of a server that says nothing runs, or whose cache is full: those stand still rightly. */
function saysTheSame(before: ServerSample['gauges'], now: ServerSample['gauges']): boolean {
  const { running, waiting, kvCache } = now
  if (running === null || running === 0 || kvCache === null || kvCache >= FULL) return false
  return running === before.running && waiting === before.waiting && kvCache === before.kvCache
}

function extended(stretch: Stretch | null, holds: boolean, since: number, expected = 0): Stretch | null {
  if (!holds) return null
  const one = stretch ?? { since, samples: 0, expected: 0 }
  one.samples++
  one.expected += expected
  return one
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`
