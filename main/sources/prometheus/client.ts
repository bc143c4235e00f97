import type { SourceError, SourceHealth } from '../../../shared/model/source.ts'
import { describeFailure, SourceFailure, type Place } from '../../platform/failure.ts'
import type { BoundedResponse } from '../../platform/http/index.ts'
import { redactUrl } from '../../platform/redact.ts'
import {
  buildInfoData,
  metadataData,
  namesData,
  seriesData,
  targetsData,
  type Metadata,
  type Target,
} from './answers.ts'
import type { Envelope } from './envelope.ts'
import { recogniseFlavour, type BuildInfo } from './flavour.ts'
import { afterFailure, afterSuccess } from './health.ts'
import { unknownHealth } from '../../platform/unknownHealth.ts'
import { AnswerError } from './jsonCursor.ts'
import { matrixSteps, type RangeSeries } from './matrixReader.ts'
import { durationText } from '../../platform/promql.ts'
import { inTurns, Turn } from '../../platform/turn.ts'
import type { HistoryWindow } from './queries.ts'
import { PARTIAL, small, type Read } from './readings.ts'
import { describeApiError, describeRefusal, isJson } from './refusals.ts'
import { headerOf } from '../../platform/http/index.ts'
import { createTransport, type TransportOptions } from './transport.ts'
import { createVectorReader, type Vector, type VectorReader } from './vectorReader.ts'

export interface PrometheusClientOptions extends TransportOptions {
  /** Deadline of one request, ms. */
  readonly timeoutMs: number
  /** Name for people and in failures; "Prometheus" where none is given. */
  readonly name?: string
  readonly id?: string
}

export interface RequestOptions {
  readonly signal?: AbortSignal
  /** Overrides the client's own, ms. */
  readonly timeoutMs?: number
  /** A question beside the feed's (a chart, a count): whatever becomes of it, health stays as it is. */
  readonly aside?: boolean
}

/** An answer with what the back end remarked about it. */
export interface Answered<T> {
  readonly value: T
  /** In plain words, partial answers included; empty when the answer is whole. */
  readonly warnings: readonly string[]
  readonly partial: boolean
  /** Body bytes on the wire. */
  readonly bytes: number
  readonly latencyMs: number
}

export interface TimeRange {
  readonly fromMs: number
  readonly toMs: number
}

/**
 * One Prometheus-compatible back end. Every method rejects with a SourceFailure in plain words, at the latest at the
 * deadline; nothing is tried again here, because the one who schedules knows when to come back.
 */
export interface PrometheusClient {
  /**
   * @param options `reader` keeps series identity between calls, one a query text. Leave `atMs` out for "now": the back
   * end's clock decides then, and a wrong clock on this machine cannot move the question into the past.
   */
  query(
    promql: string,
    options?: RequestOptions & { atMs?: number; reader?: VectorReader },
  ): Promise<Answered<Vector>>
  queryRange(
    promql: string,
    window: HistoryWindow,
    options?: RequestOptions,
  ): Promise<Answered<readonly RangeSeries[]>>
  /** Label sets that match any of the selectors within the time range. */
  series(
    selectors: readonly string[],
    range: TimeRange,
    options?: RequestOptions,
  ): Promise<Answered<Record<string, string>[]>>
  labelNames(
    selectors: readonly string[],
    range: TimeRange,
    options?: RequestOptions,
  ): Promise<Answered<string[]>>
  labelValues(
    name: string,
    selectors: readonly string[],
    range: TimeRange,
    options?: RequestOptions,
  ): Promise<Answered<string[]>>
  buildInfo(options?: RequestOptions): Promise<Answered<BuildInfo>>
  targets(options?: RequestOptions): Promise<Answered<Target[]>>
  metadata(metric?: string, options?: RequestOptions): Promise<Answered<Metadata>>
  /** As of the last request. `feeding`, `standby`, `backoff` and the next attempt are the scheduler's to add. */
  health(): SourceHealth
}

export function createPrometheusClient(options: PrometheusClientOptions): PrometheusClient {
  const transport = createTransport(options)
  const place: Place = { source: options.name ?? 'Prometheus', address: redactUrl(options.url) }
  let health = unknownHealth('prometheus', options.id ?? 'prometheus', place.source, place.address)

  async function call<T>(
    method: 'get' | 'form',
    path: string,
    parameters: URLSearchParams,
    request: RequestOptions,
    read: Read<T>,
  ): Promise<Answered<T>> {
    const deadlineMs = request.timeoutMs ?? options.timeoutMs
    const startedAt = options.clock.now()
    try {
      const response = await transport[method]({ path, parameters, deadlineMs, signal: request.signal })
      if (response.status !== 200 || !isJson(response))
        throw new SourceFailure(describeRefusal(response, place))
      const reading = await inTurns(read(response), await turnFor(response))
      // Where the server says itself what is missing, its words say more.
      const silent = reading.partial && reading.warnings.length === 0
      const warnings = silent ? [PARTIAL] : [...reading.warnings]
      const { partial } = reading
      const answered = { warnings, partial, bytes: response.wireBytes, latencyMs: response.latencyMs }
      const success = { ...answered, samples: reading.samples }
      if (request.aside !== true) {
        health = afterSuccess(health, options.clock.now(), startedAt, success, deadlineMs / 2)
      }
      return { value: reading.value, ...answered }
    } catch (error) {
      const failure = inWords(error, place)
      if (request.aside !== true && !BLAMELESS.has(failure.code)) {
        health = afterFailure(health, startedAt, failure)
      }
      throw new SourceFailure(failure, error)
    }
  }

  function throwError(envelope: Envelope, response: BoundedResponse): void {
    if (envelope.error === null) return
    throw new SourceFailure(
      describeApiError(response.status, envelope.error.type, envelope.error.text, place),
    )
  }

  /** The back end should stop working on what is no longer waited for. */
  const timeoutOf = (request: RequestOptions) => durationText(request.timeoutMs ?? options.timeoutMs)

  return {
    query(promql, request = {}) {
      const parameters = new URLSearchParams({ query: promql, timeout: timeoutOf(request) })
      if (request.atMs !== undefined) parameters.set('time', secondsText(request.atMs))
      const reader = request.reader ?? createVectorReader()
      return call('form', '/api/v1/query', parameters, request, function* (response) {
        const answer = yield* reader.steps(response.body)
        throwError(answer, response)
        return { ...answer, value: answer.vector, samples: answer.vector.values.length }
      })
    },
    queryRange(promql, window, request = {}) {
      const parameters = new URLSearchParams({
        query: promql,
        start: secondsText(window.fromMs),
        end: secondsText(window.toMs),
        step: secondsText(window.stepMs),
        timeout: timeoutOf(request),
      })
      return call('form', '/api/v1/query_range', parameters, request, function* (response) {
        const answer = yield* matrixSteps(response.body)
        throwError(answer, response)
        const samples = answer.series.reduce((sum, { values }) => sum + values.length, 0)
        return { ...answer, value: answer.series, samples }
      })
    },
    series: (selectors, range, request = {}) =>
      call('form', '/api/v1/series', ranged(selectors, range), request, readSeries),
    labelNames: (selectors, range, request = {}) =>
      call('form', '/api/v1/labels', ranged(selectors, range), request, readNames),
    labelValues: (name, selectors, range, request = {}) =>
      call(
        'get',
        `/api/v1/label/${encodeURIComponent(name)}/values`,
        ranged(selectors, range),
        request,
        readNames,
      ),
    buildInfo: (request = {}) =>
      call('get', '/api/v1/status/buildinfo', new URLSearchParams(), request, readBuildInfo),
    targets: (request = {}) =>
      call('get', '/api/v1/targets', new URLSearchParams({ state: 'active' }), request, readTargets),
    metadata: (metric, request = {}) =>
      call(
        'get',
        '/api/v1/metadata',
        new URLSearchParams(metric === undefined ? {} : { metric }),
        request,
        readMetadata,
      ),
    health: () => health,
  }
}

/** Answers longer than this wait for a turn before they are read, bytes: several often arrive at once. */
const LONG_ANSWER = 65_536

async function turnFor({ body }: BoundedResponse): Promise<Turn> {
  const turn = new Turn()
  if (body.byteLength > LONG_ANSWER) await turn.next()
  return turn
}

/** Not the source's failures: we hung up ourselves, or our own short identities met. */
const BLAMELESS: ReadonlySet<string> = new Set(['aborted', 'duplicate-series'])

const readSeries = small(seriesData, (data) => data)
const readNames = small(namesData, (data) => data)
const readTargets = small(targetsData, (data) => data.activeTargets)
const readMetadata = small(metadataData, (data) => data)
const readBuildInfo = small(buildInfoData, (data, response) =>
  recogniseFlavour(data ?? {}, (name) => headerOf(response, name)),
)

function inWords(error: unknown, place: Place): SourceError {
  if (!(error instanceof AnswerError || error instanceof SyntaxError)) return describeFailure(error, place)
  return {
    code: 'parse',
    text: `${place.source}: the answer of ${place.address} cannot be read: ${error.message.slice(0, 300)}`,
    nextStep: 'Check that the address is that of a Prometheus-compatible API; if it is, report this text.',
  }
}

function ranged(selectors: readonly string[], range: TimeRange): URLSearchParams {
  const parameters = new URLSearchParams({ start: secondsText(range.fromMs), end: secondsText(range.toMs) })
  for (const selector of selectors) parameters.append('match[]', selector)
  return parameters
}

/** Seconds with at most three decimals; whole ones save bytes in every row of the answer. */
function secondsText(ms: number): string {
  return String(Math.round(ms) / 1000)
}
