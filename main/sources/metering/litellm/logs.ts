import type { UsageTable } from '../../../core/tokens/types.ts'
import type { UsageQuestion } from '../types.ts'
import { passes, stepAt, UsageBuilder, withTop } from '../usageBuilder.ts'
import type { UsageSteps } from '../usageSteps.ts'
import type { SpendLog } from './schema.ts'

/**
 * Usage from single requests. A request counts when it ended, as everywhere in this console; LiteLLM searches by its
 * start, so whoever asks begins {@link LONGEST_REQUEST_MS} earlier. Failed requests carry no tokens there whether they
 * spent some or not, so the tokens of failures stay unknown.
 */
export function tableOfLogs(
  { groupBy, filters, top }: Pick<UsageQuestion, 'groupBy' | 'filters' | 'top'>,
  steps: UsageSteps,
  logs: readonly SpendLog[],
  dataAsOf: number,
): UsageTable {
  const builder = new UsageBuilder(groupBy, steps)
  const seen = new Set<string>()
  const found = { cachedInput: true, reasoning: true }
  for (const log of logs) {
    // Rows that are written while pages are read push others onto the next page.
    if (seen.has(log.request_id)) continue
    seen.add(log.request_id)
    const step = stepAt(steps, log.endTime)
    const dims = { tenant: log.team_id, model: log.model_group || log.model, key: log.api_key }
    if (step < 0 || !passes(dims, filters)) continue
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
  return withTop(builder.table(counted, { dataAsOf, complete: true, missing: [] }), top)
}

/** So much longer than a step a request may run and still be found, ms. */
export const LONGEST_REQUEST_MS = 10 * 60_000

function outcomeOf({ status, metadata }: SpendLog): {
  requests?: number
  rejected?: number
  errors?: number
} {
  if ((status ?? metadata?.status) !== 'failure') return { requests: 1 }
  return metadata?.error_information?.error_code === '429' ? { rejected: 1 } : { requests: 1, errors: 1 }
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
