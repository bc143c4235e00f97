import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { plural } from '../../../../shared/model/phrases.ts'
import {
  createTargetParser,
  DEFAULT_SCRAPE_LIMITS,
  ExpositionError,
  heedTimes,
} from '../../exposition/index.ts'
import { SourceFailure } from '../../../platform/failure.ts'
import { isSameOrigin } from '../../../platform/origin.ts'
import type { MeteringConnection } from '../connection.ts'
import { untilAborted } from '../learning.ts'
import { createMeteringHttp, type MeteringHttp } from '../transport/http.ts'
import { AnswerError } from '../transport/reader.ts'
import { Recent } from './recent.ts'
import { message } from '../../../../shared/messages/message.ts'

/**
 * The counters are read when somebody asks for what is newest, and so often at most. The engine asks for it in its own
 * rhythm (metering.refresh), slower while it fails; a clock of its own would only read what is not looked at. LiteLLM
 * puts its whole exposition together for each reading, and one reading in ten seconds is what Prometheus would do.
 */
export const READING_MS = 10_000
/** Questions come in a rhythm that is not quite even; none of them is to miss its reading by a hair, ms. */
const SLACK_MS = 500
/** So long a reading that failed has failed for all who ask at the same time, ms. */
const PAUSE_MS = 1_000
/** Histograms by team, key and model make expositions of hundreds of thousands of lines. */
const LIMITS = {
  ...DEFAULT_SCRAPE_LIMITS,
  maxBodyBytes: 32 * 1024 * 1024,
  maxSamples: 1_000_000,
  maxLabelSets: 262_144,
}
const ACCEPT = 'text/plain;version=0.0.4;q=1,*/*;q=0.1'
const WRONG_ADDRESS =
  'Check that metering.litellm.metrics in floorwatch.yaml is the whole address of the /metrics of the proxy, and that its configuration has callbacks: ["prometheus"].'
const SEVERAL =
  'The /metrics address leads to several LiteLLM proxies or workers in turn, so their counters cannot be distinguished; set PROMETHEUS_MULTIPROC_DIR for the workers of one proxy; of several proxies name the /federate address of the Prometheus that scrapes them (docs/configuration.md).'
const NOTHING_YET =
  'LiteLLM shows counters once something was used; if it was, put callbacks: ["prometheus"] into its configuration and check the address of metering.litellm.metrics.'
const GONE =
  'Look at what stands between here and the proxy: its answer came without the counters that it had.'
const NO_TOKENS =
  'LiteLLM shows no counters of tokens: nothing was used since it started, or its configuration leaves them out.'
const KEPT_BACK =
  'The token of metering: goes to the scheme, host and port of metering.url alone. Serve these counters without authentication, or name the /metrics of the proxy itself under metering.litellm.metrics.'
/** So long it is told that counters came which another process had counted, ms. */
const TOLD_MS = 10 * 60_000

/** The counters of the proxy, as far as they were read. */
export interface Metrics {
  readonly recent: Recent
  readonly http: MeteringHttp
  /** Reads again where the last reading is old. All who want it wait for one. @throws SourceFailure */
  refresh(signal: AbortSignal): Promise<void>
  /** Why the counters cannot tell the newest usage; null where they can. */
  trouble(): string | null
}

/** @throws SourceFailure for an address that is none */
export function createMetrics(connection: MeteringConnection, url: string): Metrics {
  const { clock, access, options } = connection
  // Another address may be a Prometheus or anybody's, and the key of an admin is none of its business: also where it
  // answers 401, which costs whoever wants the key nothing.
  const sendsSecrets = isSameOrigin(url, options.url)
  const http = createMeteringHttp({
    ...connection,
    access: {
      ...access,
      authorise(headers, to) {
        if (sendsSecrets) access.authorise(headers, to)
      },
    },
    url: withPath(url),
    title: 'LiteLLM metrics',
    wrongAddress: WRONG_ADDRESS,
    id: 'metering-metrics',
  })
  const parser = createTargetParser(LIMITS, { dcgmBlanks: false })
  const recent = new Recent()
  let path = new URL(withPath(url)).pathname.endsWith('/') ? '/' : ''
  let readAt = Number.NEGATIVE_INFINITY
  let failed: { readonly at: number; readonly error: unknown } | null = null
  let reading: Promise<void> | null = null

  async function take(body: Uint8Array, at: number): Promise<number> {
    try {
      const parsed = await parser.parseInTurns(body)
      // Where a Prometheus federates them, counters are of then and not of now, and what ended goes on with its last time.
      const { offsetMs } = http.backendClock
      const { sampledAt, doubt } = heedTimes(parsed, at + offsetMs)
      http.doubt('times', doubt)
      recent.read(parsed, sampledAt - offsetMs, offsetMs)
      // A proxy that has served nothing yet describes its counters all the same.
      const isLitellm = recent.hasAny || Buffer.from(body).includes('litellm_')
      if (recent.hasVanished || !isLitellm) throw nothingUnderstood(parsed.count)
      http.doubt('no-tokens', recent.hasTokens === true ? null : noTokensDoubt())
      http.doubt('strangers', strangersDoubt(at))
      return parsed.count
    } catch (error) {
      if (error instanceof ExpositionError) throw new AnswerError('', `no exposition; ${error.message}`)
      throw error
    }
  }

  function read(from: string, signal: AbortSignal): Promise<number> {
    // No counter in the answer is younger than the question.
    const at = clock.now()
    return http.bytes(from, ACCEPT, (body) => take(body, at), {
      signal,
      topic: 'metrics',
      maxBytes: LIMITS.maxBodyBytes,
      remarks: (samples) => ({ samples, warnings: warnings() }),
    })
  }

  function nothingUnderstood(samples: number): SourceFailure {
    const has =
      samples === 0 ? 'no figure at all' : `${plural(samples, 'figure')}, none of them a counter of LiteLLM`
    const was = recent.hasVanished ? '; its counters were there before, and what they said stands' : ''
    return new SourceFailure({
      code: 'empty',
      text: `${http.name} answers and has ${has}${was}`,
      nextStep: recent.hasVanished ? GONE : NOTHING_YET,
    })
  }

  function noTokensDoubt(): Omit<SourceDoubt, 'code'> {
    return {
      severity: 'advisory',
      what: message('doubt.noTokens', { source: http.name }),
      by: null,
      nextStep: message('doubt.noTokens.next'),
    }
  }

  function strangersDoubt(now: number): Omit<SourceDoubt, 'code'> | null {
    const { stranger } = recent
    if (stranger === null || now - stranger.at > TOLD_MS) return null
    return {
      severity: 'advisory',
      what: message('doubt.strangers', { counters: stranger.series, source: http.name }),
      by: null,
      nextStep: message('doubt.strangers.next'),
    }
  }

  function warnings(): string[] {
    const trouble = troubleOf()
    if (trouble !== null) return [trouble]
    return recent.hasTokens === false ? [NO_TOKENS] : []
  }

  function troubleOf(): string | null {
    if (recent.areSeveral) return SEVERAL
    if (recent.hasTokens !== true) return null
    for (const [what, label] of [
      ['tenant', 'team'],
      ['model', 'requested_model'],
    ] as const) {
      if (recent.labels.has(what)) continue
      return `The counters of LiteLLM come without the label ${label}; add it to include_labels under prometheus_metrics_config in its configuration.`
    }
    return null
  }

  async function readOnce(signal: AbortSignal): Promise<void> {
    const before = path
    for (;;) {
      try {
        await read(path, signal)
        readAt = clock.monotonic()
        return
      } catch (error) {
        if (!(error instanceof SourceFailure)) throw error
        const { code } = error.failure
        if (/^http-30[1278]$/.test(code) && path === before) {
          // Mounted applications send /metrics on to /metrics/, and some proxies the other way.
          path = path === '' ? '/' : ''
        } else if (/^http-40[13]$/.test(code) && !sendsSecrets) {
          throw new SourceFailure({ ...error.failure, nextStep: KEPT_BACK }, error)
        } else throw error
      }
    }
  }

  /** One reading for all: whoever stops waiting does not end it, its deadline does. */
  async function begin(): Promise<void> {
    try {
      await readOnce(new AbortController().signal)
      failed = null
    } catch (error) {
      failed = { at: clock.monotonic(), error }
      throw error
    } finally {
      reading = null
    }
  }

  return {
    recent,
    http,
    async refresh(signal) {
      const now = clock.monotonic()
      if (now - readAt < READING_MS - SLACK_MS) return
      if (failed !== null && now - failed.at < PAUSE_MS) throw failed.error
      reading ??= begin()
      reading.catch(() => undefined)
      await untilAborted(reading, signal)
    },
    trouble: troubleOf,
  }
}

/** `/metrics` where no path is given, as everywhere in the configuration. */
function withPath(address: string): string {
  const url = URL.parse(address)
  if (url === null || url.pathname !== '/') return address
  url.pathname = '/metrics'
  return url.href
}
