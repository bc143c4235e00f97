/** Usage of a large factory as a metering would answer it, for the benches. */
export const SHAPE = { tenants: 500, models: 40, endpoints: 60, gpuTypes: 6 } as const
export const STEP_MS = 5000
/** Endpoints and GPU types that one tenant calls. */
const CALLED = 24
/** Share of its combinations that use something in a step; of the others the metering gives no point. */
const ACTIVE = 0.6

export interface Point {
  readonly t: string
  readonly input: number
  readonly output: number
  readonly cachedInput: number
  readonly reasoning: number
  readonly requests: number
  readonly rejected: number
  readonly errors: number
  readonly errorTokens: number
}
export interface Series {
  readonly dims: {
    readonly tenant: string
    readonly model: string
    readonly endpoint: string
    readonly gpuType: string
  }
  readonly points: Point[]
}

/** Minimal standard generator: every run measures the same figures. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export function createTraffic(seed: number): {
  readonly rows: number
  /** The answer for steps from `fromMs` on, as text. */
  answer(fromMs: number, steps: number): string
} {
  const random = createRandom(seed)
  const pick = (of: number) => Math.floor(random() * of)
  const rows = Array.from({ length: SHAPE.tenants }, (_, tenant) =>
    Array.from({ length: CALLED }, (_, call) => {
      const endpoint = (tenant * 11 + call * 7) % SHAPE.endpoints
      return {
        dims: {
          tenant: `tenant-${tenant}`,
          model: `model-${endpoint % SHAPE.models}`,
          endpoint: `endpoint-${endpoint}`,
          gpuType: `type-${(endpoint + call) % SHAPE.gpuTypes}`,
        },
        // Few tenants use most of it.
        size: 200_000 / (tenant + 1) + 50,
      }
    }),
  ).flat()
  const points = (size: number, fromMs: number, steps: number): Point[] => {
    const given: Point[] = []
    for (let step = 0; step < steps; step++) {
      if (random() > ACTIVE) continue
      const input = 1 + pick(size * 2)
      const output = 1 + pick(size / 3)
      const requests = 1 + pick(size / 500)
      given.push({
        t: new Date(fromMs + step * STEP_MS).toISOString(),
        input,
        output,
        cachedInput: Math.floor(input / 3),
        reasoning: Math.floor(output / 4),
        requests,
        rejected: pick(2),
        errors: 0,
        errorTokens: 0,
      })
    }
    return given
  }
  return {
    rows: rows.length,
    answer(fromMs, steps) {
      const toMs = fromMs + steps * STEP_MS
      const series: Series[] = rows.map(({ dims, size }) => ({ dims, points: points(size, fromMs, steps) }))
      return JSON.stringify({
        dataAsOf: new Date(toMs).toISOString(),
        complete: true,
        missing: [],
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        step: STEP_MS / 1000,
        series,
      })
    },
  }
}
