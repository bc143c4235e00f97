import { durationText, literalPattern, quote } from '../../platform/promql.ts'
import { HISTOGRAM_SIGNALS, type HistogramSignal, isHistogramSignal, withPrefix } from './mapping.ts'
import type { EngineRules, Rule } from './rules.ts'
import { ROLE_LABELS, ROUTED_LABELS } from './roles.ts'
import type { InferenceNaming } from './types.ts'

/**
 * The questions about inference servers, as PromQL. `matchers` is the configured selector after `checkedSelector`.
 * Everything is narrowed to the labels that are read, so that a floor of thousands of servers fits one answer.
 */

/** Tell one target from another; the last three differ where several scrapers bring the same server. */
export const SCRAPER_LABELS = ['job', 'prometheus', 'prometheus_replica', 'replica'] as const
const TARGET_LABELS = ['instance', 'cluster', ...SCRAPER_LABELS] as const

export type NamedLabels = Pick<InferenceNaming, 'labels'>

/** Labels that say which server a row is of. */
export function targetLabels({ labels }: NamedLabels): string[] {
  return distinct([...TARGET_LABELS, ...labels.namespace, ...labels.pod, ...labels.host])
}

function rowLabels(engines: readonly EngineRules[], naming: NamedLabels): string[] {
  const narrowing = engines.flatMap(({ rules }) =>
    rules.flatMap(({ where, unless }) =>
      [where, unless].flatMap((one) => (one === undefined ? [] : [one.label])),
    ),
  )
  return distinct([
    '__name__',
    ...targetLabels(naming),
    ...naming.labels.model,
    ...naming.labels.endpoint,
    ...narrowing,
    ...ROLE_LABELS,
    ...ROUTED_LABELS,
  ])
}

/** Counters and queues; processes of one server (`engine`, `dp_rank`) come added up, ranks that repeat one are taken once. */
export function figuresQuery(engines: readonly EngineRules[], naming: NamedLabels, matchers: string): string {
  const wanted = (signal: Signal) => signal !== 'kvCache' && !isHistogramSignal(signal)
  return aggregated('sum', engines, naming, selected(engines, wanted, matchers))
}

/** Marks the rows that say how full the fullest cache of a server is; the others are the mean over its processes. */
export const MOST_LABEL = 'floorwatch_most'

/** Use of the caches over the processes of one server: the mean, and the fullest. */
export function cacheQuery(engines: readonly EngineRules[], naming: NamedLabels, matchers: string): string {
  const chosen = selected(engines, (signal) => signal === 'kvCache', matchers)
  const most = `max by (${rowLabels(engines, naming).join(',')}) (${chosen})`
  return `${aggregated('avg', engines, naming, chosen)} or label_replace(${most},"${MOST_LABEL}","1","","")`
}

type Signal = Rule['signals'][number]

/**
 * From the inside: what stands at one rank is one figure whatever other labels it has, ranks that repeat each other are
 * one process, and processes are added up (or their mean is taken).
 */
function aggregated(
  how: 'sum' | 'avg',
  engines: readonly EngineRules[],
  naming: NamedLabels,
  chosen: string,
): string {
  const row = rowLabels(engines, naming)
  const ranks = engines.flatMap((engine) => engine.ranks ?? [])
  if (ranks.length === 0) return `${how} by (${row.join(',')}) (${chosen})`
  const process = distinct([...row, ...ranks.flatMap(({ apart }) => apart)])
  const rank = distinct([...process, ...ranks.flatMap(({ repeated }) => repeated)])
  return `${how} by (${row.join(',')}) (max by (${process.join(',')}) (${how} by (${rank.join(',')}) (${chosen})))`
}

function selected(
  engines: readonly EngineRules[],
  wanted: (signal: Signal) => boolean,
  matchers: string,
): string {
  const names = distinct(
    engines.flatMap(({ rules }) =>
      rules.filter(({ signals }) => signals.some(wanted)).map(({ series }) => series),
    ),
  )
  // Names without a prefix may be anybody's; an engine's carry its model.
  const general = engines.some(({ beside }) => beside !== undefined) ? ['model_name!=""'] : []
  const parts = [`__name__=~${quote(names.map(namePattern).join('|'))}`, ...general, matchers]
  return `{${parts.filter((part) => part !== '').join(',')}}`
}

/** A name in all of its spellings, see `canonicalName`. */
function namePattern(name: string): string {
  return literalPattern(name).replace(/^(vllm|sglang|trtllm):/, '(?:ray_)?$1[:_]')
}

/**
 * When each server was last scraped, in seconds by the clock of the back end. `names`: exposed names that between them
 * every server has. One after the other, because `timestamp` drops the name and two series of a server would meet.
 */
export function sampleTimesQuery(names: readonly string[], naming: NamedLabels, matchers: string): string {
  const by = targetLabels(naming).join(',')
  return names.map((name) => `max by (${by}) (timestamp(${series(name, matchers)}))`).join(' or ')
}

function series(name: string, ...matchers: readonly string[]): string {
  return `{${[`__name__=${quote(name)}`, ...matchers.filter((part) => part !== '')].join(',')}}`
}

/** What is asked of one engine: one of the spellings that are exposed, and matchers of its own. */
export interface Asked {
  readonly of: EngineRules
  /** `vllm:`, `ray_vllm_`, …; '' for names without one. */
  readonly prefix: string
  readonly matchers: readonly string[]
}

/** Marks rows whose bounds are not seconds. */
export const SCALE_LABEL = 'floorwatch_scale'

/**
 * Latencies over a window, as increases: one row a bucket (classic) or a histogram (native), by model and endpoint.
 * Null where no engine has the signal.
 */
export function latencyQuery(
  kind: HistogramSignal,
  asked: readonly Asked[],
  naming: NamedLabels,
  matchers: string,
  windowMs: number,
): string | null {
  const by = latencyLabels(naming)
  const grown = (suffix: string) =>
    union(kind, asked, matchers, suffix, (selector, scale) => {
      const increase = `increase(${selector}[${durationText(windowMs)}])`
      return scale === 1 ? increase : `label_replace(${increase},"${SCALE_LABEL}","${scale}","","")`
    })
  const classic = grown('_bucket')
  if (classic === null) return null
  return `sum by (le,${by.join(',')}) (${classic}) or sum by (${by.join(',')}) (${grown('') ?? ''})`
}

/** Marks the rows that say how many histograms have a bound, beside those that say what they counted. */
export const HAVING_LABEL = 'floorwatch_having'

/**
 * How many histograms have each bound, by the same labels as {@link latencyQuery}: a bound that not all of them have
 * says nothing of their sum. Only of now, which costs little. Null where no engine has the signal.
 */
export function boundsQuery(
  kind: HistogramSignal,
  asked: readonly Asked[],
  naming: NamedLabels,
  matchers: string,
): string | null {
  const there = union(kind, asked, matchers, '_bucket', (selector, scale) =>
    scale === 1 ? selector : `label_replace(${selector},"${SCALE_LABEL}","${scale}","","")`,
  )
  if (there === null) return null
  return `label_replace(count by (le,${latencyLabels(naming).join(',')}) (${there}),"${HAVING_LABEL}","1","","")`
}

function latencyLabels({ labels }: NamedLabels): string[] {
  return distinct([...labels.model, ...labels.endpoint, ...labels.namespace, SCALE_LABEL])
}

/** Marks the rows of a quantile, as `0.95`; rows of buckets carry `le` instead. */
export const QUANTILE_LABEL = 'floorwatch_quantile'
/** Tells the buckets of one engine from those of another, which has bounds of its own. */
export const ENGINE_LABEL = 'floorwatch_engine'

/**
 * Latencies over the time in one question: the buckets of classic histograms, from which every quantile is read, and
 * each quantile of native ones. Null where no engine has the signal.
 */
export function curvesText(
  kind: HistogramSignal,
  quantiles: readonly number[],
  asked: readonly Asked[],
  matchers: string,
  windowMs: number,
): string | null {
  const rate = (one: readonly Asked[], suffix: string) =>
    union(kind, one, matchers, suffix, (selector, scale) =>
      scale === 1 ? `rate(${selector}[${durationText(windowMs)}])` : null,
    )
  const native = rate(asked, '')
  // Engine by engine: no server is of two of them, their bounds differ, and `or` over every bucket of all is slow.
  const classic = asked.flatMap((one, index) => {
    const buckets = rate([one], '_bucket')
    const there = union(kind, [one], matchers, '_bucket', (selector, scale) =>
      scale === 1 ? selector : null,
    )
    if (buckets === null || there === null) return []
    const having = `label_replace(count by (le) (${there}),"${HAVING_LABEL}","1","","")`
    return [
      `label_replace(sum by (le) (${buckets}),"${ENGINE_LABEL}","${index}","","")`,
      `label_replace(${having},"${ENGINE_LABEL}","${index}","","")`,
    ]
  })
  if (native === null || classic.length === 0) return null
  const lines = quantiles.map(
    (q) => `label_replace(histogram_quantile(${q},sum(${native})),"${QUANTILE_LABEL}","${q}","","")`,
  )
  return [...classic, ...lines].join(' or ')
}

/**
 * All names of a signal, the preferred first: `or` takes a later name only where a server has no earlier one. Each name
 * for itself, because `rate` drops it and two names of one server would meet.
 */
function union(
  kind: HistogramSignal,
  asked: readonly Asked[],
  matchers: string,
  suffix: string,
  part: (selector: string, scale: number) => string | null,
): string | null {
  const rules = asked
    .flatMap(({ of, prefix, matchers: own }) =>
      of.rules
        .filter(({ signals }) => signals.includes(kind))
        .map((rule) => ({ rule, own, name: withPrefix(rule.series, prefix) })),
    )
    .toSorted((a, b) => a.rule.rank - b.rule.rank)
  const parts = rules.flatMap(
    ({ rule, own, name }) => part(series(name + suffix, matchers, ...own), rule.scale ?? 1) ?? [],
  )
  return parts.length === 0 ? null : parts.join(' or ')
}

export const LATENCY_SIGNALS = HISTOGRAM_SIGNALS

export function distinct<T>(all: readonly T[]): T[] {
  return [...new Set(all)]
}
