/** What an inference engine's series say. Tokens and requests are counters, the next three gauges, the rest histograms. */
export const INFERENCE_SIGNALS = [
  'input',
  'output',
  'cachedInput',
  'transferredInput',
  'requests',
  'errors',
  'running',
  'waiting',
  'kvCache',
  'duration',
  'timeToFirstToken',
  'interToken',
] as const
export type InferenceSignal = (typeof INFERENCE_SIGNALS)[number]

/**
 * What is wrong with one entry of `inference.names` (series → signal), in a sentence that lists what would be right;
 * null where nothing is.
 */
export function signalProblem(series: string, signal: string): string | null {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(series)) {
    return `"${series.slice(0, 80)}" is no name of a series; expected letters, digits, _ and :, like my_prompt_tokens_total`
  }
  if ((INFERENCE_SIGNALS as readonly string[]).includes(signal)) return null
  return `"${signal.slice(0, 80)}" is no signal of an inference server; expected one of ${INFERENCE_SIGNALS.join(', ')}`
}
