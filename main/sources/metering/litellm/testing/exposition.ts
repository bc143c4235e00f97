import { createTargetParser, DEFAULT_SCRAPE_LIMITS, type TargetParser } from '../../../exposition/index.ts'

/** Readings of counters from lines as a proxy writes them. */
export class Exposition {
  readonly #parser: TargetParser = createTargetParser(
    { ...DEFAULT_SCRAPE_LIMITS, maxLabelSets: 262_144 },
    { dcgmBlanks: false },
  )

  parse(lines: readonly string[]) {
    return this.#parser.parse(new TextEncoder().encode(`${lines.join('\n')}\n`))
  }
}

/** One counter of input tokens. */
export function input(value: number, labels: Readonly<Record<string, string>> = {}): string {
  const all = {
    team: 'acme',
    requested_model: 'llama',
    model: 'openai/llama',
    hashed_api_key: 'k',
    ...labels,
  }
  const text = Object.entries(all).map(([name, label]) => `${name}="${label}"`)
  return `litellm_input_tokens_metric_total{${text.join(',')}} ${value}`
}

export function started(seconds: number): string {
  return `process_start_time_seconds ${seconds}`
}
