import { describe, expect, it } from 'vitest'
import { sumTotals } from '../../../core/tokens/usage/totals.ts'
import { stepsOf } from '../usage/steps.ts'
import { logInstant, tableOfLogs } from './logs.ts'
import { logSchema, logsSchema } from './schema.ts'

const T0 = Date.UTC(2026, 10, 24, 9)
const MINUTE = 60_000
const STEPS = stepsOf({ fromMs: T0, toMs: T0 + 3 * MINUTE, step: { ms: MINUTE } })
const ASKED = { groupBy: ['tenant'], filters: {}, top: null } as const
const PROMPT = 'what the customer said'

function log(id: string, over: Record<string, unknown> = {}) {
  return logSchema.parse({
    request_id: id,
    call_type: 'acompletion',
    api_key: 'f00d',
    startTime: '2026-11-24T08:59:59.000000+00:00',
    endTime: '2026-11-24T09:00:10.500000+00:00',
    model: 'openai/llama',
    model_group: 'llama',
    team_id: 'acme',
    prompt_tokens: 100,
    completion_tokens: 40,
    spend: 0.01,
    status: 'success',
    messages: [{ role: 'user', content: PROMPT }],
    response: { choices: [{ message: { content: PROMPT } }] },
    proxy_server_request: { body: PROMPT },
    metadata: {
      user_api_key: 'sk-1234567890',
      usage_object: {
        prompt_tokens_details: { cached_tokens: 30 },
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    },
    ...over,
  })
}
const sums = (logs: readonly ReturnType<typeof log>[]) => {
  const table = tableOfLogs(ASKED, STEPS, logs, T0)
  return { table, of: (step: number) => sumTotals(table, 0, step) }
}

describe('spend logs', () => {
  it('count when a request ended, with what is part of its tokens', () => {
    const { of } = sums([log('1'), log('2', { endTime: '2026-11-24 09:02:00' })])
    expect(of(0)).toMatchObject({
      input: '100',
      output: '40',
      cachedInput: '30',
      reasoning: '7',
      requests: '1',
    })
    expect(of(1)).toMatchObject({ input: '0', requests: '0' })
    expect(of(2)).toMatchObject({ input: '100', requests: '1' })
  })

  it('count a request once that moved from page to page, and none that ended outside', () => {
    const { of } = sums([log('1'), log('1'), log('2', { endTime: '2026-11-24T08:59:59Z' })])
    expect(of(0).requests).toBe('1')
  })

  it('tell refused from failed, in both forms of metadata', () => {
    const failure = (code: unknown) => ({
      status: 'failure',
      error_information: { error_code: code, error_message: PROMPT },
    })
    const failed = { status: 'failure', prompt_tokens: 0, completion_tokens: 0 }
    const { of, table } = sums([
      log('1', { ...failed, metadata: failure('429') }),
      log('2', { ...failed, metadata: JSON.stringify(failure(429)) }),
      log('3', { ...failed, metadata: failure('500') }),
      log('4', { ...failed, metadata: 'no JSON' }),
    ])
    expect(of(0)).toMatchObject({ rejected: '2', errors: '2', requests: '2', errorTokens: null })
    expect(table.counts.errorTokens).toBeNull()
  })

  it('tell failed requests of versions that say so in the metadata alone', () => {
    const metadata = { status: 'failure', error_information: { error_code: '500' } }
    expect(sums([log('1', { status: undefined, metadata })]).of(0)).toMatchObject({
      errors: '1',
      requests: '1',
    })
  })

  it('leave unknown what a version does not tell, and not for requests without tokens', () => {
    const { table } = sums([log('1'), log('2', { metadata: null })])
    expect([table.counts.cachedInput, table.counts.reasoning]).toEqual([null, null])
    const none = { metadata: null, prompt_tokens: 0, completion_tokens: 0 }
    expect(sums([log('1'), log('2', none)]).of(0).cachedInput).toBe('30')
  })

  it('keep nothing of what was said, and no key', () => {
    const page = logsSchema.parse({
      data: [
        {
          request_id: '1',
          startTime: '2026-11-24T09:00:00Z',
          endTime: '2026-11-24T09:00:01Z',
          api_key: 'sk-1234567890',
          prompt_tokens: 1,
          completion_tokens: 1,
          messages: PROMPT,
          response: PROMPT,
          request_tags: [PROMPT],
          metadata: {
            status: 'failure',
            user_api_key: 'sk-1234567890',
            requester_metadata: { x: PROMPT },
            error_information: { error_code: '400', error_message: PROMPT, traceback: PROMPT },
            usage_object: { prompt_tokens_details: { cached_tokens: 0, text: PROMPT } },
          },
        },
      ],
      total: 1,
      total_pages: 1,
    })
    const kept = JSON.stringify(page, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(kept).not.toContain(PROMPT)
    expect(kept).not.toContain('sk-')
    expect(page.data[0]?.api_key).toBe('')
  })

  it('are asked for in seconds of UTC', () => {
    expect(logInstant(T0 + 1999)).toBe('2026-11-24 09:00:01')
  })

  it('refuse an instant that is none', () => {
    expect(() => log('1', { endTime: 'yesterday' })).toThrow('expected an instant')
  })
})
