import type { IncomingMessage, ServerResponse } from 'node:http'
import { serve, type TestServer } from '../../testing/connection.ts'

/** One request as the fake proxy remembers it; every answer is made of these. */
export interface FakeRequest {
  readonly id: string
  readonly startMs: number
  readonly endMs: number
  /** Null: without a team. */
  readonly team: string | null
  /** By the name that customers ask for. */
  readonly model: string
  readonly key: string
  readonly input: number
  readonly output: number
  readonly cached?: number
  readonly reasoning?: number
  /** HTTP status that the customer got. */
  readonly status?: number
}

export interface FakeTeam {
  readonly id: string
  readonly alias?: string | null
  readonly tpm?: number | null
  readonly rpm?: number | null
  readonly blocked?: boolean
}

export interface FakeAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON. */
  readonly body: unknown
}

export const PROMPT = 'the secret plan of the customer'
export const ANSWER = 'what the model said to it'

/**
 * A LiteLLM proxy as its documentation and source describe it, with the traps that matter here: the table of teams leaves
 * out requests without a team, pages can end in the midst of a day, logs come by their start and hold prompts, totals of
 * logs stop at ten thousand, counters have no series before they count, and labels say None.
 */
export class FakeProxy {
  readonly requests: FakeRequest[] = []
  teams: FakeTeam[] = []
  readonly asked: URL[] = []
  readonly authorisations = new Set<string | undefined>()
  /** Rows of one page of totals by day, less than is asked for. */
  dayRows = Number.POSITIVE_INFINITY
  /** Answers instead of the proxy's own, by path. */
  readonly instead = new Map<string, (url: URL) => FakeAnswer | null>()
  /** On the proxy's own clock, ms; counters count up to it. */
  now: () => number = Date.now
  /** When the process began, ms. */
  startedAt = 0
  metricsSuffix: '_total' | '' = '_total'
  version = '1.83.0'
  db = 'connected'
  server: TestServer | null = null

  async start(): Promise<string> {
    this.server = await serve((request, response) => this.#answer(request, response))
    return this.server.url
  }

  async close(): Promise<void> {
    await this.server?.close()
  }

  paths(): string[] {
    return this.asked.map(({ pathname }) => pathname)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://proxy.test')
    this.asked.push(url)
    this.authorisations.add(request.headers.authorization)
    const own = this.instead.get(url.pathname)?.(url)
    const { status = 200, headers = {}, body } = own ?? this.#own(url)
    const isText = typeof body === 'string'
    response.writeHead(status, {
      'content-type': isText ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json',
      date: new Date(this.now()).toUTCString(),
      ...headers,
    })
    response.end(isText ? body : JSON.stringify(body))
  }

  #own(url: URL): FakeAnswer {
    const of = (name: string) => url.searchParams.get(name)
    switch (url.pathname) {
      case '/health/readiness':
        return { body: { status: 'healthy', db: this.db, cache: null, litellm_version: this.version } }
      case '/metrics':
        // As an application that is mounted inside another one does.
        return { status: 307, headers: { location: '/metrics/' }, body: '' }
      case '/metrics/':
        return { body: this.metrics() }
      case '/team/daily/activity':
        return { body: this.#days(url, (request) => request.team !== null, 'team') }
      case '/user/daily/activity':
        return { body: this.#days(url, () => true, 'user') }
      case '/spend/logs/v2':
        return { body: this.#logs(url) }
      case '/v2/team/list': {
        const { page, pages, rows } = pageOf(this.teams, Number(of('page')), Number(of('page_size')))
        return {
          body: {
            teams: rows.map(teamRow),
            total: this.teams.length,
            page,
            page_size: rows.length,
            total_pages: pages,
          },
        }
      }
      case '/team/list':
        return { body: this.teams.map(teamRow) }
      case '/key/list': {
        const keys = [
          ...new Set(this.requests.filter(({ team }) => team === of('team_id')).map(({ key }) => key)),
        ]
        return {
          body: {
            keys: keys.map((token) => ({
              token,
              key_name: 'sk-...Ab12',
              key_alias: token.endsWith('1') ? 'batch' : null,
              blocked: null,
              expires: null,
              created_at: '2026-01-02T03:04:05.678000Z',
            })),
            total_count: keys.length,
            current_page: 1,
            total_pages: 1,
          },
        }
      }
      case '/model/info':
        return {
          body: {
            data: [
              {
                model_name: 'llama',
                litellm_params: { model: 'openai/llama', api_base: 'http://gpu:8000' },
                model_info: { id: '1', input_cost_per_token: 1e-7, output_cost_per_token: 0.0000004 },
              },
            ],
          },
        }
      default:
        return { status: 404, body: { detail: 'Not Found' } }
    }
  }

  #ended(): FakeRequest[] {
    return this.requests.filter(({ endMs }) => endMs <= this.now())
  }

  /** Rows as the tables have them, one for each day, entity, key and model; a page may end within a day. */
  #days(url: URL, belongs: (request: FakeRequest) => boolean, entity: 'team' | 'user') {
    const { searchParams } = url
    const [from, to] = [searchParams.get('start_date') ?? '', searchParams.get('end_date') ?? '']
    const wanted = searchParams.get('team_ids')?.split(',')
    const rows = new Map<
      string,
      { date: string; entity: string; request: FakeRequest; metrics: DayMetrics }
    >()
    for (const request of this.#ended().filter(belongs)) {
      const date = new Date(request.startMs).toISOString().slice(0, 10)
      const name = entity === 'team' ? (request.team ?? 'Unassigned') : 'default_user_id'
      if (date < from || date > to || (wanted !== undefined && !wanted.includes(name))) continue
      const key = JSON.stringify([date, name, request.key, request.model])
      const row = rows.get(key) ?? { date, entity: name, request, metrics: new DayMetrics() }
      row.metrics.add(request)
      rows.set(key, row)
    }
    const sorted = [...rows.values()].toSorted((a, b) => (a.date < b.date ? 1 : -1))
    const size = Math.min(Number(searchParams.get('page_size')), this.dayRows)
    const { page, pages, rows: shown } = pageOf(sorted, Number(searchParams.get('page')), size)
    const results = [...Map.groupBy(shown, ({ date }) => date)].map(([date, ofDay]) => ({
      date,
      metrics: DayMetrics.sum(ofDay.map(({ metrics }) => metrics)),
      breakdown: {
        mcp_servers: {},
        models: breakdown(ofDay, ({ request }) => `openai/${request.model}`),
        model_groups: breakdown(ofDay, ({ request }) => request.model),
        providers: {},
        api_keys: breakdown(ofDay, ({ request }) => request.key),
        entities: breakdown(ofDay, (row) => row.entity),
      },
    }))
    return { results, metadata: { total_spend: 1.5, page, total_pages: pages, has_more: page < pages } }
  }

  #logs({ searchParams }: URL) {
    const instant = (name: string) => Date.parse(`${(searchParams.get(name) ?? '').replace(' ', 'T')}Z`)
    const [from, to, team] = [instant('start_date'), instant('end_date'), searchParams.get('team_id')]
    const found = this.#ended()
      .filter(({ startMs }) => startMs >= from && startMs <= to)
      .filter((request) => team === null || request.team === team)
      .toSorted((a, b) => b.startMs - a.startMs)
    const size = Number(searchParams.get('page_size'))
    const { page, pages, rows } = pageOf(found, Number(searchParams.get('page')), size)
    const total = Math.min(found.length, 10_000)
    return {
      data: rows.map(logRow),
      total,
      page,
      page_size: size,
      total_pages: Math.min(pages, Math.ceil(10_000 / size)),
      total_is_capped: found.length > total,
    }
  }

  metrics(): string {
    const lines = [
      '# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.',
      '# TYPE process_start_time_seconds gauge',
      `process_start_time_seconds ${this.startedAt / 1000}`,
    ]
    const mine = this.#ended().filter(({ endMs }) => endMs >= this.startedAt)
    const counter = (
      name: string,
      of: (request: FakeRequest) => number,
      labels: (request: FakeRequest) => Readonly<Record<string, string>>,
      which: readonly FakeRequest[],
    ) => {
      lines.push(`# TYPE ${name}${this.metricsSuffix} counter`)
      const sums = new Map<string, number>()
      for (const request of which) {
        const text = Object.entries(labels(request))
          .map(([label, value]) => `${label}="${value}"`)
          .join(',')
        sums.set(text, (sums.get(text) ?? 0) + of(request))
      }
      for (const [text, sum] of sums) {
        lines.push(`${name}${this.metricsSuffix}{${text}} ${sum.toFixed(1)}`)
        if (this.metricsSuffix === '_total') lines.push(`${name}_created{${text}} 1.7e+09`)
      }
    }
    const who = (request: FakeRequest) => ({
      api_key_alias: 'None',
      end_user: 'None',
      hashed_api_key: request.key,
      requested_model: request.model,
      team: request.team ?? 'None',
      team_alias: 'None',
      user: 'default_user_id',
    })
    const tokens = (request: FakeRequest) => ({ ...who(request), model: `openai/${request.model}` })
    const good = mine.filter(({ status = 200 }) => status < 400)
    counter('litellm_total_tokens_metric', ({ input, output }) => input + output, tokens, good)
    counter('litellm_input_tokens_metric', ({ input }) => input, tokens, good)
    counter('litellm_output_tokens_metric', ({ output }) => output, tokens, good)
    counter('litellm_input_cached_tokens_metric', ({ cached = 0 }) => cached, tokens, good)
    counter('litellm_output_reasoning_tokens_metric', ({ reasoning = 0 }) => reasoning, tokens, good)
    const status = (request: FakeRequest) => ({ ...who(request), status_code: String(request.status ?? 200) })
    counter('litellm_proxy_total_requests_metric', () => 1, status, mine)
    return `${lines.join('\n')}\n`
  }
}

class DayMetrics {
  spend = 0
  prompt_tokens = 0
  completion_tokens = 0
  total_tokens = 0
  cache_read_input_tokens = 0
  cache_creation_input_tokens = 0
  successful_requests = 0
  failed_requests = 0
  api_requests = 0

  add({ input, output, cached = 0, status = 200 }: FakeRequest): void {
    const isGood = status < 400
    this.prompt_tokens += isGood ? input : 0
    this.completion_tokens += isGood ? output : 0
    this.total_tokens += isGood ? input + output : 0
    this.cache_read_input_tokens += isGood ? cached : 0
    this.successful_requests += isGood ? 1 : 0
    this.failed_requests += isGood ? 0 : 1
    this.api_requests += 1
  }

  static sum(parts: readonly DayMetrics[]): DayMetrics {
    const sum = new DayMetrics()
    for (const part of parts) {
      for (const name of Object.keys(sum) as (keyof DayMetrics)[]) {
        if (name !== 'add') sum[name] += part[name]
      }
    }
    return sum
  }
}

interface DayRow {
  readonly request: FakeRequest
  readonly entity: string
  readonly metrics: DayMetrics
}

function breakdown(rows: readonly DayRow[], name: (row: DayRow) => string) {
  return Object.fromEntries(
    [...Map.groupBy(rows, name)].map(([part, of]) => [
      part,
      {
        metrics: DayMetrics.sum(of.map(({ metrics }) => metrics)),
        metadata: {},
        api_key_breakdown: Object.fromEntries(
          [...Map.groupBy(of, ({ request }) => request.key)].map(([key, keyed]) => [
            key,
            { metrics: DayMetrics.sum(keyed.map(({ metrics }) => metrics)), metadata: { key_alias: null } },
          ]),
        ),
      },
    ]),
  )
}

function pageOf<T>(rows: readonly T[], page: number, size: number) {
  const from = (page - 1) * size
  return { page, pages: Math.ceil(rows.length / size), rows: rows.slice(from, from + size) }
}

function teamRow({ id, alias = null, tpm = null, rpm = null, blocked = false }: FakeTeam) {
  return {
    team_id: id,
    team_alias: alias,
    tpm_limit: tpm,
    rpm_limit: rpm,
    max_parallel_requests: null,
    max_budget: 250.5,
    spend: 12.25,
    blocked,
    members_with_roles: [{ role: 'admin', user_id: 'u1' }],
  }
}

function logRow(request: FakeRequest) {
  const { id, startMs, endMs, team, model, key, input, output, cached = 0, reasoning = 0 } = request
  const isGood = (request.status ?? 200) < 400
  return {
    request_id: id,
    call_type: 'acompletion',
    api_key: key,
    spend: 0.0012,
    prompt_tokens: isGood ? input : 0,
    completion_tokens: isGood ? output : 0,
    total_tokens: isGood ? input + output : 0,
    startTime: new Date(startMs).toISOString().replace('Z', '000+00:00'),
    endTime: new Date(endMs).toISOString().replace('Z', '000+00:00'),
    model: `openai/${model}`,
    model_group: model,
    team_id: team,
    messages: [{ role: 'user', content: PROMPT }],
    response: { choices: [{ message: { content: ANSWER } }] },
    status: isGood ? 'success' : 'failure',
    metadata: {
      status: isGood ? 'success' : 'failure',
      error_information: isGood
        ? null
        : { error_code: String(request.status), error_class: 'RateLimitError', error_message: PROMPT },
      usage_object: isGood
        ? {
            prompt_tokens: input,
            completion_tokens: output,
            prompt_tokens_details: { cached_tokens: cached },
            completion_tokens_details: { reasoning_tokens: reasoning },
          }
        : null,
    },
  }
}
