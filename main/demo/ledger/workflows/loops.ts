import type { TokenSplit } from '../prices.ts'
import { DAY_MS } from '../measures.ts'
import { hashUnit, seedOf } from '../hash.ts'

/**
 * An agent that repeats tool call and model pass until somebody or a budget stops it. Every pass reads the whole history
 * of the job again, so that the tokens of a pass grow until the context is compacted, and the job burns hundreds of
 * millions in a few hours.
 */
export interface Loop {
  readonly id: string
  readonly startMs: number
  /** End of each model pass, ms, ascending. */
  readonly ends: readonly number[]
  /** Null while it goes on. */
  readonly endMs: number | null
}

/** The budget that ends a loop that was not stopped. */
export const LOOP_BUDGET = 400_000_000
/** Part of its deployment's capacity that a loop takes. */
export const LOOP_SHARE = 0.12

const FIRST = 8000
const GROWTH = 1700
const PASSES_PER_CONTEXT = 64

/** What the pass with this number takes. */
export function passTokens(pass: number): TokenSplit {
  const history = pass % PASSES_PER_CONTEXT
  const context = FIRST + (pass < PASSES_PER_CONTEXT ? 0 : 20_000) + GROWTH * history
  const output = 260 + ((pass * 37) % 180)
  return {
    input: context,
    output,
    // What was read in the pass before is in the prefix cache.
    cachedInput: history === 0 ? 0 : Math.floor(context * 0.94),
    reasoning: Math.floor(output * 0.6),
  }
}

/** The loops that happened before the start, by formula: one in the night before it, and now and then earlier. */
export interface PastLoops {
  /** Those that overlap the period, oldest first. */
  between(fromMs: number, toMs: number): Loop[]
}

const LONGEST_MS = 8 * 3_600_000

/** @param tokensPerSecond that a loop burns here */
export function createPastLoops(seed: number, startMs: number, tokensPerSecond: number): PastLoops {
  const known = new Map<number, Loop | null>()
  const own = seedOf(seed, 'loops')
  const lastDay = Math.floor(startMs / DAY_MS) - 1

  function loopOf(day: number): Loop | null {
    const chosen = day === lastDay || (day < lastDay && hashUnit(own, day) < 0.09)
    if (!chosen || tokensPerSecond <= 0) return null
    const budget = LOOP_BUDGET * (day === lastDay ? 1 : 0.1 + 0.8 * hashUnit(own, day, 1))
    const begin = Math.round(day * DAY_MS + (1 + 12 * hashUnit(own, day, 2)) * 3_600_000)
    const ends: number[] = []
    let burnt = 0
    while (burnt < budget) {
      const { input, output } = passTokens(ends.length)
      const endMs = Math.round(begin + ((burnt + input + output) / tokensPerSecond) * 1000)
      if (endMs - begin > LONGEST_MS) break
      burnt += input + output
      ends.push(endMs)
    }
    return { id: loopId(begin), startMs: begin, ends, endMs: ends.at(-1) ?? begin }
  }

  return {
    between(fromMs, toMs) {
      const found: Loop[] = []
      for (let day = Math.floor((fromMs - LONGEST_MS) / DAY_MS); day * DAY_MS < toMs; day++) {
        if (day > lastDay) break
        let loop = known.get(day)
        if (loop === undefined) {
          loop = loopOf(day)
          if (known.size > 64) known.clear()
          known.set(day, loop)
        }
        if (loop !== null && loop.startMs < toMs && (loop.endMs ?? toMs) > fromMs) found.push(loop)
      }
      return found
    },
  }
}

export function loopId(startMs: number): string {
  return `wf-loop-${Math.round(startMs).toString(36)}`
}

/** Tokens and calls of a loop's passes that ended in [from, to). */
export function loopUsage(loop: Loop, fromMs: number, toMs: number): TokenSplit & { requests: number } {
  const sum = { input: 0, output: 0, cachedInput: 0, reasoning: 0, requests: 0 }
  for (let pass = firstAt(loop.ends, fromMs); pass < loop.ends.length; pass++) {
    if ((loop.ends[pass] ?? toMs) >= toMs) break
    const tokens = passTokens(pass)
    sum.input += tokens.input
    sum.output += tokens.output
    sum.cachedInput += tokens.cachedInput
    sum.reasoning += tokens.reasoning
    sum.requests += 1
  }
  return sum
}

/** Index of the first end at or after an instant. */
function firstAt(ends: readonly number[], atMs: number): number {
  let low = 0
  let high = ends.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ends[middle] ?? 0) < atMs) low = middle + 1
    else high = middle
  }
  return low
}
