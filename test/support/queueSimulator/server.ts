import { Heap } from './heap.ts'

/** What a server can do; times in seconds. */
export interface ServerSpec {
  readonly model: string
  /** Prompt tokens read per second. */
  readonly prefillRate: number
  /** One step writes one token of each answer: `stepBase` and `stepEach` for each answer in the batch. */
  readonly stepBase: number
  readonly stepEach: number
  /** Answers are written this much slower while a prompt is read. */
  readonly slowedByPrefill: number
  readonly mostRunning: number
  /** Tokens of prompts and answers that fit. */
  readonly cache: number
}

export interface Job {
  readonly input: number
  readonly output: number
  readonly arrivedAt: number
  firstTokenAt: number
  /** Progress of the batch at which the answer is whole. */
  endsAt: number
}

/** One inference server with its queue. Time goes forward by `advance` alone. */
export class Server<J extends Job> {
  readonly spec: ServerSpec
  readonly queue: J[] = []
  /** Answers being written, by the batch's progress at which they end. */
  #running = new Heap<J>(({ endsAt }) => endsAt)
  #prefilling: J | null = null
  #prefillEndsAt = Number.POSITIVE_INFINITY
  /** Tokens that an answer would have, had it been written from the start. */
  #progress = 0
  #now = 0
  #cached = 0
  /** 1 as it should be, less where it is sick. */
  health = 1
  isUp = true
  /** Counts up whenever the next event may have changed. */
  version = 0
  promptTokens = 0
  generatedTokens = 0

  constructor(spec: ServerSpec) {
    this.spec = spec
  }

  get running(): number {
    return this.#running.size + (this.#prefilling === null ? 0 : 1)
  }

  get outstanding(): number {
    return this.running + this.queue.length
  }

  /** Tokens per second of each answer. */
  #pace(): number {
    const { stepBase, stepEach, slowedByPrefill } = this.spec
    const slowed = this.#prefilling === null ? 1 : slowedByPrefill
    return (this.health * slowed) / (stepBase + stepEach * this.#running.size)
  }

  advance(now: number): void {
    const passed = now - this.#now
    if (passed > 0 && this.isUp) {
      const grown = passed * this.#pace()
      this.#progress += grown
      this.generatedTokens += grown * this.#running.size
    }
    this.#now = now
  }

  nextAt(): number {
    if (!this.isUp) return Number.POSITIVE_INFINITY
    const first = this.#running.peek()
    const ends =
      first === undefined
        ? Number.POSITIVE_INFINITY
        : this.#now + Math.max(0, first.endsAt - this.#progress) / this.#pace()
    return Math.min(this.#prefillEndsAt, ends)
  }

  /** What has ended or begun to be written by now. */
  step(now: number): { readonly begun: J | null; readonly ended: readonly J[] } {
    this.advance(now)
    let begun: J | null = null
    if (this.#prefilling !== null && this.#prefillEndsAt <= now + 1e-9) {
      begun = this.#prefilling
      begun.firstTokenAt = now
      begun.endsAt = this.#progress + begun.output
      this.promptTokens += begun.input
      this.#running.push(begun)
      this.#prefilling = null
      this.#prefillEndsAt = Number.POSITIVE_INFINITY
    }
    const ended: J[] = []
    for (;;) {
      const first = this.#running.peek()
      if (first === undefined || first.endsAt > this.#progress + 1e-6) break
      this.#running.pop()
      this.#cached -= first.input + first.output
      ended.push(first)
    }
    this.version += 1
    return { begun, ended }
  }

  /** Takes the next one that fits. @returns those that gave up waiting before */
  admit(now: number, gaveUp: (job: J) => boolean): J[] {
    const left: J[] = []
    while (this.isUp && this.#prefilling === null) {
      const next = this.queue[0]
      if (next === undefined) break
      if (gaveUp(next)) {
        left.push(next)
        this.queue.shift()
        continue
      }
      const needs = next.input + next.output
      const fits = this.#cached + needs <= this.spec.cache || this.running === 0
      if (!fits || this.running >= this.spec.mostRunning) break
      this.queue.shift()
      this.#cached += needs
      this.#prefilling = next
      this.#prefillEndsAt = now + next.input / (this.spec.prefillRate * this.health)
    }
    this.version += 1
    return left
  }

  /** @returns requests that were being answered, which fail */
  stop(now: number): J[] {
    this.advance(now)
    const failed: J[] = this.#prefilling === null ? [] : [this.#prefilling]
    for (let job = this.#running.pop(); job !== undefined; job = this.#running.pop()) failed.push(job)
    this.#prefilling = null
    this.#prefillEndsAt = Number.POSITIVE_INFINITY
    this.#cached = 0
    this.isUp = false
    this.version += 1
    return failed
  }
}
