/** A limit at the gateway, in the simulation's own minutes. */
export interface Limit {
  readonly tenant: string
  /** Narrowed where given. */
  readonly model?: string
  readonly endpoint?: string
  readonly key?: string
  readonly tokensPerMin: number
  /** From the simulation's start, seconds. */
  readonly from: number
  /** Whether a request is charged when it comes (the gateway guesses the answer's length right), or when it ends. */
  readonly charges: 'start' | 'end'
}

export interface Asked {
  readonly tenant: string
  readonly model: string
  readonly endpoint: string
  readonly key: string
  readonly input: number
  readonly output: number
}

/** Keeps one bucket per limit: a minute's tokens at most, refilled evenly. */
export class Gateway {
  readonly #limits: { readonly limit: Limit; level: number; at: number }[]

  constructor(limits: readonly Limit[]) {
    this.#limits = limits.map((limit) => ({ limit, level: limit.tokensPerMin, at: limit.from }))
  }

  #concerned(asked: Asked, now: number) {
    return this.#limits.filter(
      ({ limit }) =>
        now >= limit.from &&
        limit.tenant === asked.tenant &&
        (limit.model ?? asked.model) === asked.model &&
        (limit.endpoint ?? asked.endpoint) === asked.endpoint &&
        (limit.key ?? asked.key) === asked.key,
    )
  }

  admits(asked: Asked, now: number): boolean {
    const concerned = this.#concerned(asked, now)
    const needs = asked.input + asked.output
    for (const bucket of concerned) {
      const { tokensPerMin } = bucket.limit
      bucket.level = Math.min(tokensPerMin, bucket.level + ((now - bucket.at) / 60) * tokensPerMin)
      bucket.at = now
    }
    const passes = concerned.every(({ limit, level }) =>
      limit.charges === 'end' ? level > 0 : level >= needs,
    )
    if (passes) {
      for (const bucket of concerned) if (bucket.limit.charges === 'start') bucket.level -= needs
    }
    return passes
  }

  ended(asked: Asked, now: number): void {
    for (const bucket of this.#concerned(asked, now)) {
      if (bucket.limit.charges === 'end') bucket.level -= asked.input + asked.output
    }
  }
}
