import { INFERENCE_SIGNALS, signalProblem } from '../../../shared/model/inference.ts'
import { DYNAMO, NIM, SGLANG, TENSORRT_LLM, TGI, TRITON, VLLM, VLLM_ROUTER } from './engines.ts'
import type { EngineRules, Rule } from './rules.ts'

export const ENGINES: readonly EngineRules[] = [
  VLLM,
  VLLM_ROUTER,
  NIM,
  SGLANG,
  TENSORRT_LLM,
  DYNAMO,
  TGI,
  TRITON,
]

export const HISTOGRAM_SIGNALS = ['duration', 'timeToFirstToken', 'interToken'] as const
export type HistogramSignal = (typeof HISTOGRAM_SIGNALS)[number]

export function isHistogramSignal(signal: string): signal is HistogramSignal {
  return (HISTOGRAM_SIGNALS as readonly string[]).includes(signal)
}

export interface MatchedRule extends Rule {
  readonly of: EngineRules
}

/** The mapping of one site: what is known of engines, and the site's own names. */
export interface Mapping {
  readonly engines: readonly EngineRules[]
  /** Rules of a series by its exposed name (of a histogram: with `_bucket`); none where it is not known. */
  rulesOf(name: string): readonly MatchedRule[]
  /** Whether a series says anything, be it only by being there. */
  reads(name: string): boolean
}

/** The configuration names a signal that does not exist. */
export class MappingError extends Error {
  override readonly name = 'MappingError'
}

const BUCKET = '_bucket'
const NONE: readonly MatchedRule[] = []

/**
 * @param names the site's own series → signal; histograms by their name without `_bucket`
 * @throws MappingError listing the known signals
 */
export function createMapping(names: Readonly<Record<string, string>> = {}): Mapping {
  const engines = Object.keys(names).length === 0 ? ENGINES : [...ENGINES, configured(names)]
  const byName = new Map<string, MatchedRule[]>()
  for (const of of engines) {
    for (const rule of of.rules) {
      const name = rule.signals.some(isHistogramSignal) ? rule.series + BUCKET : rule.series
      const rules = byName.get(name) ?? []
      rules.push({ ...rule, of })
      byName.set(name, rules)
    }
  }
  const beside = new Set(engines.map((engine) => engine.beside))
  return {
    engines,
    rulesOf: (name) => byName.get(canonicalName(name)) ?? NONE,
    reads: (name) => byName.has(canonicalName(name)) || beside.has(canonicalName(name)),
  }
}

function configured(names: Readonly<Record<string, string>>): EngineRules {
  const rules = Object.entries(names).map(([name, signal]): Rule => {
    const problem = signalProblem(name, signal)
    if (problem !== null) throw new MappingError(`inference.names: ${problem}`)
    const known = INFERENCE_SIGNALS.filter((one) => one === signal)
    const base = known.some(isHistogramSignal) && name.endsWith(BUCKET) ? name.slice(0, -BUCKET.length) : name
    // What the site says stands before what is known of engines.
    return { series: canonicalName(base), signals: known, rank: 0, scale: scaleOf(base) }
  })
  return { engine: 'configured', tier: 'server', rules, modelLabel: null }
}

/** The factor that a name's unit asks for, after Prometheus' naming conventions. */
function scaleOf(name: string): number {
  const unit = /_(ms|milliseconds|us|microseconds|percent)(?:_total|_sum)?$/.exec(name)?.[1]
  if (unit === 'ms' || unit === 'milliseconds') return 1e-3
  if (unit === 'us' || unit === 'microseconds') return 1e-6
  return unit === 'percent' ? 1e-2 : 1
}

const PREFIX = /^(?:ray_)?(vllm|sglang|trtllm)[:_]/

/**
 * OpenTelemetry collectors, some gateways, newer versions of Ray and TensorRT-LLM write `_` for the colon; Ray puts its
 * own name before the engine's.
 */
export function canonicalName(name: string): string {
  return name.replace(PREFIX, '$1:')
}

/** How an exposed name spells the prefix of its engine: "vllm:", "ray_vllm_"; '' where it has none. */
export function prefixOf(name: string): string {
  return PREFIX.exec(name)?.[0] ?? ''
}

/** A canonical name as it is exposed with this prefix. */
export function withPrefix(series: string, prefix: string): string {
  return prefix === '' ? series : series.replace(PREFIX, prefix)
}
