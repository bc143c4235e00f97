import type { Dims } from '../../../core/tokens/types.ts'
import type { ScrapedSeries } from '../../exposition/index.ts'
import { cutName, named, publicKey } from './names.ts'

/** What the counters of a proxy tell. */
export const COUNTED = [
  'input',
  'output',
  'cachedInput',
  'reasoning',
  'requests',
  'rejected',
  'errors',
] as const
export type CountedMeasure = (typeof COUNTED)[number]

/**
 * Exposed names without `_total`, which only newer clients of Prometheus append. The sum of both directions is none of
 * them. Before 1.75 the names ended without `_metric`.
 */
const TOKENS: ReadonlyMap<string, CountedMeasure> = new Map([
  ['litellm_input_tokens_metric', 'input'],
  ['litellm_output_tokens_metric', 'output'],
  ['litellm_input_tokens', 'input'],
  ['litellm_output_tokens', 'output'],
  ['litellm_input_cached_tokens_metric', 'cachedInput'],
  ['litellm_output_reasoning_tokens_metric', 'reasoning'],
])
const REQUESTS = 'litellm_proxy_total_requests_metric'
/** Labels by what they hold; the first that is there wins. */
const LABELS = {
  tenant: ['team'],
  // What the customer asked for; the deployment that served it goes by a name of its own.
  model: ['requested_model', 'model'],
  key: ['hashed_api_key'],
} as const
export type Labelled = keyof typeof LABELS

/** What a series counts; nothing for one that is none of ours. */
export function measuresOf({ name, labels }: ScrapedSeries): readonly CountedMeasure[] {
  const base = name.endsWith('_total') ? name.slice(0, -'_total'.length) : name
  const tokens = TOKENS.get(base)
  if (tokens !== undefined) return [tokens]
  if (base !== REQUESTS) return []
  const code = labels.get('status_code')
  if (code === undefined) return ['requests']
  const status = Number(code)
  if (status === 429) return ['rejected']
  // A failure without a code of its own comes as "None"; a success always has one.
  return status >= 200 && status < 400 ? ['requests'] : ['requests', 'errors']
}

/** What a series and its kin count, whether it happened yet or not. */
export function countedBy(
  { labels }: ScrapedSeries,
  measures: readonly CountedMeasure[],
): readonly CountedMeasure[] {
  const isOfRequests = measures.some((measure) => ['requests', 'rejected', 'errors'].includes(measure))
  if (!isOfRequests) return measures
  return labels.has('status_code') ? ['requests', 'rejected', 'errors'] : ['requests']
}

export function dimsOf({ labels }: ScrapedSeries): Dims {
  return {
    tenant: cutName(label(labels, LABELS.tenant)),
    model: cutName(label(labels, LABELS.model)),
    key: publicKey(label(labels, LABELS.key)),
  }
}

/**
 * Whether a series shows that somebody serves its model: it counts tokens, names the deployment that served it, or a
 * success. Whoever misspells a model makes a series with its name all the same; only errors are counted there.
 */
export function isServed({ labels }: ScrapedSeries, measures: readonly CountedMeasure[]): boolean {
  if (!measures.includes('requests') && !measures.includes('rejected')) return true
  if (named(labels.get('model')) !== '') return true
  const status = Number(labels.get('status_code') ?? Number.NaN)
  return status >= 200 && status < 400
}

/** Labels that Prometheus adds to distinguish processes; LiteLLM has none of these names. */
const TARGET_LABELS = ['cluster', 'job', 'namespace', 'pod', 'instance', 'container', 'node', 'replica']

/** Which process a series comes from, where several are in one answer; '' where nothing distinguishes them. */
export function processOf({ labels }: ScrapedSeries): string {
  const values = TARGET_LABELS.map((name) => labels.get(name) ?? '')
  return values.every((value) => value === '') ? '' : JSON.stringify(values)
}

/** What a series can distinguish, whatever stands there. */
export function labelledIn({ labels }: ScrapedSeries): Labelled[] {
  return (Object.keys(LABELS) as Labelled[]).filter((what) => LABELS[what].some((name) => labels.has(name)))
}

/** The same for the same series, in whatever order its labels come. */
export function seriesKey({ name, labels }: ScrapedSeries): string {
  return JSON.stringify([name, ...[...labels].toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

function label(labels: ReadonlyMap<string, string>, names: readonly string[]): string {
  for (const name of names) {
    const value = named(labels.get(name))
    // Newer proxies fold all names that are not served into this one.
    if (value !== '' && !(name === 'requested_model' && value === 'other')) return value
  }
  return ''
}
