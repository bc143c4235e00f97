import { grouped, plural } from '../../../../shared/model/phrases.ts'
import type { UsageTable } from '../../../core/tokens/types.ts'
import type { UsageQuestion } from '../types.ts'
import { passes, stepAt, UsageBuilder, withTop } from '../usage/builder.ts'
import type { UsageSteps } from '../usage/steps.ts'
import type { SpendLog } from './schema.ts'

/**
 * Usage from single requests. A request counts when it ended, as everywhere in this console; LiteLLM searches by its
 * start. Failed requests carry no tokens there, or in newer versions an estimate of their input, which is told and never
 * counted; so the tokens of failures stay unknown.
 */
export function tableOfLogs(
  { groupBy, filters, top }: Pick<UsageQuestion, 'groupBy' | 'filters' | 'top'>,
  steps: UsageSteps,
  logs: readonly SpendLog[],
  dataAsOf: number,
  missing: readonly string[] = [],
): UsageTable {
  const builder = new UsageBuilder(groupBy, steps)
  const seen = new Set<string>()
  const found = { cachedInput: true, reasoning: true }
  const served = new Set(logs.filter((log) => !isFailure(log)).map(modelOf))
  const estimated = { tokens: 0n, requests: 0 }
  for (const log of logs) {
    // Rows that are written while pages are read push others onto the next page.
    if (seen.has(log.request_id)) continue
    seen.add(log.request_id)
    const step = stepAt(steps, log.endTime)
    const failed = isFailure(log)
    // A name that is not served is no model: it stands in the errors alone.
    const model = failed && !served.has(modelOf(log)) && isRefusedName(log) ? '' : modelOf(log)
    const dims = { tenant: log.team_id, model, key: log.api_key }
    if (step < 0 || !passes(dims, filters)) continue
    if (isEstimated(log)) {
      estimated.tokens += log.prompt_tokens
      estimated.requests += 1
      builder.add(dims, step, { input: 0n, output: 0n, ...outcomeOf(log) })
      continue
    }
    const { cachedInput, reasoning } = partsOf(log)
    found.cachedInput &&= cachedInput !== null || log.prompt_tokens === 0n
    found.reasoning &&= reasoning !== null || log.completion_tokens === 0n
    builder.add(dims, step, {
      input: log.prompt_tokens,
      output: log.completion_tokens,
      cachedInput: cachedInput ?? 0n,
      reasoning: reasoning ?? 0n,
      ...outcomeOf(log),
    })
  }
  const counted = {
    input: true,
    output: true,
    ...found,
    requests: true,
    rejected: true,
    errors: true,
    errorTokens: false,
  }
  const notes =
    estimated.requests === 0
      ? []
      : [
          `${grouped(estimated.tokens)} input tokens of ${plural(estimated.requests, 'failed request')} are estimates of LiteLLM; they are not counted as usage.`,
        ]
  const reach = { dataAsOf, complete: missing.length === 0, missing, notes }
  return withTop(builder.table(counted, reach), top)
}

function modelOf(log: SpendLog): string {
  return log.model_group || log.model
}

function isFailure({ status, metadata }: SpendLog): boolean {
  return (status ?? metadata?.status) === 'failure'
}

/** What a failed request is said to have used without an answer and without a charge was guessed from its question. */
function isEstimated(log: SpendLog): boolean {
  return isFailure(log) && !log.spend && log.completion_tokens === 0n && log.prompt_tokens > 0n
}

/** Refused for what it asked for, such as a model that is not served. */
function isRefusedName({ metadata }: SpendLog): boolean {
  return ['400', '404'].includes(metadata?.error_information?.error_code ?? '')
}

function outcomeOf(log: SpendLog): {
  requests?: number
  rejected?: number
  errors?: number
} {
  if (!isFailure(log)) return { requests: 1 }
  return log.metadata?.error_information?.error_code === '429' ? { rejected: 1 } : { requests: 1, errors: 1 }
}

/** Null where this version of LiteLLM, or the engine behind it, did not say. */
function partsOf({ metadata }: SpendLog) {
  const usage = metadata?.usage_object
  return {
    cachedInput: usage?.prompt_tokens_details?.cached_tokens ?? usage?.cache_read_input_tokens ?? null,
    reasoning: usage?.completion_tokens_details?.reasoning_tokens ?? null,
  }
}

/** "2026-11-24 02:00:00", UTC, as the proxy wants it; both ends belong to the range. */
export function logInstant(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
