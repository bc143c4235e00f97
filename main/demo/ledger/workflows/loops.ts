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

/** What ended the loop of last night: a job's budget. */
const LOOP_BUDGET = 400_000_000
/** Part of its deployment's capacity that a quiet loop takes: no one but the bill sees it. */
const QUIET_SHARE = 0.12
/** What a loop that fans out asks for: more than its deployment can serve, at any hour of the day. */
export const SATURATING_SHARE = 1.1
/** What it is served on the bad day, beside everyone else, and how long it went on. */
const SATURATING_SERVED = 0.6
const SATURATING_MS = 55 * 60_000
/** The bad day of the past month, before the last day. */
const BAD_DAY = 8

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
  /** What a loop asked of its deployment at an instant. */
  strain(atMs: number): Strain
}

export interface Strain {
  /** Of the deployment's capacity. */
  readonly share: number
  /** How long it had gone on. */
  readonly forSeconds: number
}
export const NO_STRAIN: Strain = { share: 0, forSeconds: 0 }

const LONGEST_MS = 8 * 3_600_000

/** @param capacity of the deployment that loops call, tokens per second */
export function createPastLoops(seed: number, startMs: number, capacity: number): PastLoops {
  const known = new Map<number, Loop | null>()
  const own = seedOf(seed, 'loops')
  const lastDay = Math.floor(startMs / DAY_MS) - 1
  const badDay = lastDay - BAD_DAY

  function loopOf(day: number): Loop | null {
    const chosen = day === lastDay || day === badDay || (day < lastDay && hashUnit(own, day) < 0.09)
    if (!chosen || capacity <= 0) return null
    const tokensPerSecond = capacity * (day === badDay ? SATURATING_SERVED : QUIET_SHARE)
    const budget =
      day === badDay
        ? (tokensPerSecond * SATURATING_MS) / 1000
        : LOOP_BUDGET * (day === lastDay ? 1 : 0.1 + 0.8 * hashUnit(own, day, 1))
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

  function knownLoop(day: number): Loop | null {
    let loop = known.get(day)
    if (loop === undefined) {
      loop = loopOf(day)
      if (known.size > 64) known.clear()
      known.set(day, loop)
    }
    return loop
  }

  return {
    strain(atMs) {
      for (const day of [Math.floor(atMs / DAY_MS), Math.floor(atMs / DAY_MS) - 1]) {
        const loop = day > lastDay ? null : knownLoop(day)
        if (loop === null || atMs < loop.startMs || atMs >= (loop.endMs ?? atMs + 1)) continue
        return {
          share: day === badDay ? SATURATING_SHARE : QUIET_SHARE,
          forSeconds: (atMs - loop.startMs) / 1000,
        }
      }
      return NO_STRAIN
    },
    between(fromMs, toMs) {
      const found: Loop[] = []
      for (let day = Math.floor((fromMs - LONGEST_MS) / DAY_MS); day * DAY_MS < toMs; day++) {
        if (day > lastDay) break
        const loop = knownLoop(day)
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
