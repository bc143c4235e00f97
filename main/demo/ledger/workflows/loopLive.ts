import { loopId, passTokens, type Loop } from './loops.ts'

/** Loops that ended are kept for the record, the newest ones. */
const KEPT = 40

interface Living {
  readonly id: string
  readonly startMs: number
  readonly ends: number[]
  endMs: number | null
}

/** The agent loops that live while the fault is on: nothing ends them but the switch. */
export interface LiveLoops {
  /** @returns whether a loop burns tokens now */
  turn(on: boolean, nowMs: number): boolean
  /** Tokens that the loop was served, evenly, in (fromMs, toMs]. @returns the passes that they completed */
  serve(tokens: number, fromMs: number, toMs: number): number[]
  /** Tokens of a pass that was not completed, to be given back when a loop has ended. */
  leftOver(): number
  /** Tokens served towards the pass that runs. */
  credit(): number
  between(fromMs: number, toMs: number): Loop[]
}

export function createLiveLoops(): LiveLoops {
  const loops: Living[] = []
  let credit = 0
  const current = () => {
    const last = loops.at(-1)
    return last?.endMs === null ? last : undefined
  }

  return {
    turn(on, nowMs) {
      const living = current()
      if (!on) {
        if (living !== undefined) living.endMs = nowMs
        return false
      }
      if (living !== undefined) return true
      loops.push({ id: loopId(nowMs), startMs: nowMs, ends: [], endMs: null })
      if (loops.length > KEPT) loops.shift()
      return true
    },
    serve(tokens, fromMs, toMs) {
      const living = current()
      if (living === undefined) return []
      const carried = credit
      credit += tokens
      let taken = 0
      const done: number[] = []
      for (;;) {
        const pass = living.ends.length
        const { input, output } = passTokens(pass)
        if (credit < input + output) return done
        credit -= input + output
        taken += input + output
        // It ended when the tokens that it needed had come, not when the step of the simulation did.
        const endMs = toMs - Math.floor((1 - (taken - carried) / tokens) * (toMs - fromMs))
        living.ends.push(endMs)
        done.push(pass)
      }
    },
    leftOver() {
      if (current() !== undefined) return 0
      const tokens = credit
      credit = 0
      return tokens
    },
    credit: () => credit,
    between: (fromMs, toMs) =>
      loops.filter((loop) => loop.startMs < toMs && (loop.endMs === null || loop.endMs > fromMs)),
  }
}
