/**
 * Who may scrape now. Targets that answer share the steady lane; those that failed last time have a narrow lane of their
 * own. A request that hangs gives its place back after a moment although it goes on until its deadline, so that neither
 * one hung exporter nor a rack of them delays the others.
 */
export interface LaneOptions {
  readonly steady: number
  readonly suspect: number
  /** How long a request may hold its place, ms. */
  readonly holdMs: number
  /** Requests in flight altogether, those that gave their place back included. */
  readonly most: number
}

export type Lane = 'steady' | 'suspect'

/** Returned by a job when it is over. */
type Release = () => void

interface Waiting {
  readonly run: (release: Release) => void
  cancelled: boolean
}

export class Lanes {
  readonly #options: LaneOptions
  readonly #held: Record<Lane, number> = { steady: 0, suspect: 0 }
  readonly #queues: Record<Lane, Waiting[]> = { steady: [], suspect: [] }
  #flying = 0

  constructor(options: LaneOptions) {
    this.#options = options
  }

  /** Runs the job as soon as its lane has a place, first come first served. Returns how to withdraw it before that. */
  enter(lane: Lane, run: (release: Release) => void): () => void {
    const waiting: Waiting = { run, cancelled: false }
    this.#queues[lane].push(waiting)
    this.#admit(lane)
    return () => {
      waiting.cancelled = true
    }
  }

  #admit(lane: Lane): void {
    const queue = this.#queues[lane]
    while (this.#held[lane] < this.#options[lane] && this.#flying < this.#options.most) {
      const next = queue.shift()
      if (next === undefined) return
      if (!next.cancelled) this.#start(lane, next)
    }
  }

  #start(lane: Lane, job: Waiting): void {
    this.#held[lane]++
    this.#flying++
    let holds = true
    let flies = true
    const giveBack = (): void => {
      if (!holds) return
      holds = false
      this.#held[lane]--
    }
    const timer = setTimeout(() => {
      giveBack()
      this.#admit(lane)
    }, this.#options.holdMs)
    job.run(() => {
      if (!flies) return
      flies = false
      clearTimeout(timer)
      giveBack()
      this.#flying--
      this.#admit('steady')
      this.#admit('suspect')
    })
  }
}
