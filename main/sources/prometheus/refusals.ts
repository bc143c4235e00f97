import type { SourceError } from '../../../shared/model/source.ts'
import { describeStatus, type Place } from '../../platform/failure.ts'
import { type BoundedResponse, headerOf } from '../../platform/http/index.ts'
import { isWebPage, pageTitle, printable } from '../../platform/foreignText.ts'
import { redactUrl } from '../../platform/redact.ts'
import { errorAnswer } from './answers.ts'

/** Whether the body claims to be JSON and looks like it. */
export function isJson(response: BoundedResponse): boolean {
  const type = headerOf(response, 'content-type') ?? ''
  const first = firstByte(response.body)
  return first === 0x7b /* { */ && !/html/i.test(type)
}

/** Why an answer that is no success was none, in plain words. */
export function describeRefusal(response: BoundedResponse, place: Place): SourceError {
  const start = Buffer.from(response.body.subarray(0, 64 * 1024)).toString('utf8')
  if (isWebPage(headerOf(response, 'content-type') ?? '', start))
    return describeHtml(response.status, start, place)
  const error = isJson(response) ? errorAnswer.safeParse(parsed(start)) : null
  if (error?.success === true)
    return describeApiError(response.status, error.data.errorType, error.data.error, place)
  const said = printable(start)
  if (response.status === 401 && /org id/i.test(said)) {
    return {
      ...describeStatus(401, place, said),
      text: `${place.source}: ${redactUrl(place.address)} wants to know the tenant ("${said}")`,
      nextStep: 'Set the tenant under `headers`, such as X-Scope-OrgID.',
    }
  }
  if (response.status >= 200 && response.status < 300) return describeForeign(said, place)
  return describeStatus(response.status, place, said)
}

/** An `{"status":"error"}` answer. Prometheus sends 400, 422, 503; VictoriaMetrics puts the number into errorType. */
export function describeApiError(status: number, type: string, error: string, place: Place): SourceError {
  const address = redactUrl(place.address)
  const said = printable(error)
  const text = (what: string) => `${place.source}: ${address} ${what}${said === '' ? '' : `: ${said}`}`
  if (/same labelset|duplicate (output )?time ?series|duplicate series/i.test(said)) {
    return {
      code: 'duplicate-series',
      text: text('found two GPUs under one short identity'),
      nextStep: 'None needed: Floorwatch asks again with whole UUIDs.',
    }
  }
  if (status === 401 || status === 403) return describeStatus(status, place, said)
  if (type === 'timeout' || type === 'canceled' || /context deadline exceeded|timeout exceeded/i.test(said)) {
    return {
      code: 'query-timeout',
      text: text('gave a query up after its time limit'),
      nextStep: 'Raise `timeout` and `refresh`, or give it more resources.',
    }
  }
  if (/too many samples|maxSamplesPerQuery|-search\.max|max-series|limit/i.test(said) && status !== 429) {
    return {
      code: 'query-limit',
      text: text('refused a query as too large'),
      nextStep: 'Raise its query limits, or narrow the floor with `selector`.',
    }
  }
  if (type === 'bad_data' || status === 400 || status === 422) {
    return {
      code: 'query',
      text: text('did not accept a query'),
      nextStep: 'Check `selector` in the configuration; if it is right, report this text.',
    }
  }
  return describeStatus(status, place, said)
}

function describeHtml(status: number, start: string, place: Place): SourceError {
  const title = pageTitle(start)
  const quoted = title === '' ? '' : ` ("${title}")`
  return {
    code: status >= 400 ? `http-${status}` : 'html',
    text: `${place.source}: ${redactUrl(place.address)} answered with a web page${quoted} and HTTP ${status}, not with the API: a login proxy or another service stands there`,
    nextStep: 'Use the address of the API behind the proxy, or give a token that the proxy accepts.',
  }
}

function describeForeign(said: string, place: Place): SourceError {
  return {
    code: 'parse',
    text: `${place.source}: ${redactUrl(place.address)} did not answer as the Prometheus API does${said === '' ? ' (empty answer)' : ` ("${said.slice(0, 120)}")`}`,
    nextStep: 'Check the address: expected is the one under which /api/v1/query is served.',
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

function firstByte(body: Uint8Array): number {
  for (const byte of body.subarray(0, 64)) if (byte > 0x20) return byte
  return -1
}
