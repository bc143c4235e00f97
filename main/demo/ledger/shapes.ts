/**
 * What a call of one kind of endpoint looks like. Chat and code follow the medians of Azure's LLM inference traces 2023
 * (prompts about 1k and 1.5k, answers 100–200 and 10–30); the others are of the same order as what their kind of
 * product does.
 */
export interface Shape {
  /** Mean tokens of a prompt and of an answer. */
  readonly input: number
  readonly output: number
  /** Part of the prompts that a prefix cache holds, part of the answers that is reasoning. 0–1. */
  readonly cached: number
  readonly reasoning: number
  /** Seconds between two tokens of an answer on an empty server; 0 where answers come in one piece. */
  readonly interToken: number
  /** Part of the calls that fail, 0–1. */
  readonly errors: number
  /** Coefficient of variation of the arrivals; about 1 for people, far more for agents. */
  readonly variation: number
  /** Agents call many at once: seconds between such bursts, how long one lasts, how many times the usual rate. */
  readonly fanOut: { readonly every: number; readonly lasts: number; readonly factor: number } | null
}

const people: Pick<Shape, 'variation' | 'fanOut' | 'errors'> = { variation: 1.1, fanOut: null, errors: 0.003 }
const agents: Pick<Shape, 'variation' | 'fanOut' | 'errors'> = {
  variation: 2.4,
  fanOut: { every: 260, lasts: 35, factor: 3.5 },
  errors: 0.011,
}

const SHAPES: Readonly<Record<string, Shape>> = {
  chat: { ...people, input: 1020, output: 160, cached: 0.22, reasoning: 0, interToken: 0.024 },
  code: { ...people, input: 1540, output: 22, cached: 0.41, reasoning: 0, interToken: 0.011 },
  reasoning: { ...people, input: 900, output: 3100, cached: 0.16, reasoning: 0.86, interToken: 0.026 },
  documents: { ...people, input: 18_400, output: 420, cached: 0.73, reasoning: 0.3, interToken: 0.021 },
  agents: { ...agents, input: 5200, output: 240, cached: 0.62, reasoning: 0.2, interToken: 0.025 },
  tools: { ...agents, input: 3100, output: 150, cached: 0.55, reasoning: 0.28, interToken: 0.018 },
  batch: { ...people, input: 2400, output: 380, cached: 0.08, reasoning: 0, interToken: 0.04, errors: 0.006 },
  embeddings: { ...people, input: 310, output: 0, cached: 0, reasoning: 0, interToken: 0, errors: 0.0008 },
  speech: { ...people, input: 480, output: 95, cached: 0, reasoning: 0, interToken: 0.009 },
  assist: { ...people, input: 420, output: 62, cached: 0.3, reasoning: 0, interToken: 0.009 },
  notebooks: {
    ...people,
    input: 850,
    output: 210,
    cached: 0.1,
    reasoning: 0,
    interToken: 0.01,
    errors: 0.02,
  },
}
const OTHER: Shape = { ...people, input: 1000, output: 200, cached: 0.1, reasoning: 0, interToken: 0.02 }

export function shapeOf(endpoint: string): Shape {
  return SHAPES[endpoint] ?? OTHER
}

/** Mean tokens of a call, both directions. */
export function callTokens(shape: Pick<Shape, 'input' | 'output'>): number {
  return shape.input + shape.output
}
