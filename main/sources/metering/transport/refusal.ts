import type { z } from 'zod'
import { problemSchema, PROBLEM_TYPES, type ProblemType } from '../../../../shared/metering/problem.ts'
import type { SourceError } from '../../../../shared/model/source.ts'
import { describeStatus, SourceFailure } from '../../../platform/failure.ts'
import { isWebPage, pageTitle, printable } from '../../../platform/foreignText.ts'
import { type BoundedResponse, headerOf } from '../../../platform/http/index.ts'

/** What was asked, for the words. */
export interface Asked {
  /** "Metering API at metering:8080" */
  readonly name: string
  /** "GET /v1/usage" */
  readonly request: string
  /** What to do when something else answers at this address. */
  readonly wrongAddress: string
}

// RFC 9457 lets every member be left out.
const looseProblem = problemSchema.partial()
export type LooseProblem = z.output<typeof looseProblem>

/** An answer that is no success. */
export class MeteringRefusal extends SourceFailure {
  readonly status: number
  /** The kind of problem, where the answer names one that the contract knows. */
  readonly type: ProblemType | null
  /** What was refused in the request, '' where the answer does not say. */
  readonly pointer: string

  constructor(error: SourceError, status: number, problem: LooseProblem | null) {
    super(error)
    this.status = status
    this.type = PROBLEM_TYPES.find((type) => problem?.type?.endsWith(type) === true) ?? null
    this.pointer = problem?.pointer ?? ''
  }
}

const START_BYTES = 64 * 1024

/** Why an answer that is no success was none. */
export function refusalOf(
  response: Pick<BoundedResponse, 'status' | 'headers' | 'body'>,
  asked: Asked,
): MeteringRefusal {
  const { status } = response
  const start = new TextDecoder().decode(response.body.subarray(0, START_BYTES))
  const type = headerOf(response, 'content-type') ?? ''
  if (isWebPage(type, start)) return new MeteringRefusal(webPage(status, start, asked), status, null)
  const problem = problemOf(start)
  const said = problem === null ? printable(start, 200) : saidBy(problem)
  return new MeteringRefusal(described(status, said, asked), status, problem)
}

/** A success that is no JSON. @param error of the parser */
export function foreignAnswer(
  response: Pick<BoundedResponse, 'status' | 'headers' | 'body'>,
  asked: Asked,
  error?: unknown,
): SourceError {
  const start = new TextDecoder().decode(response.body.subarray(0, START_BYTES))
  if (isWebPage(headerOf(response, 'content-type') ?? '', start))
    return webPage(response.status, start, asked)
  const begun = printable(start, 120)
  const text = (what: string) => `${asked.name}: the answer to ${asked.request} ${what}`
  if (/^[[{]/.test(begun) && error instanceof SyntaxError) {
    return {
      code: 'parse',
      text: text(`is damaged JSON: ${printable(error.message, 200)}`),
      nextStep: 'Look at its log, and at proxies between: one of them cuts or changes answers.',
    }
  }
  return {
    code: 'parse',
    text: text(`cannot be read: ${begun === '' ? 'it is empty' : `it begins with "${begun}"`}`),
    nextStep: asked.wrongAddress,
  }
}

/** @param said what is wrong, with the field */
export function malformedAnswer(said: string, asked: Asked): SourceError {
  return {
    code: 'parse',
    text: `${asked.name}: the answer to ${asked.request} is not as agreed: ${printable(said)}`,
    nextStep: asked.wrongAddress,
  }
}

/** @param said how much it is and how much can be held */
export function unwieldyAnswer(said: string, { name, request }: Asked): SourceError {
  return {
    code: 'too-large',
    text: `${name}: the answer to ${request} is too large: ${said}`,
    nextStep: 'Ask for a shorter time, longer steps or fewer groups.',
  }
}

function described(status: number, said: string, { name, request, wrongAddress }: Asked): SourceError {
  const code = `http-${status}`
  const quoted = said === '' ? '' : ` ("${said}")`
  const text = (what: string) => `${name}: HTTP ${status} to ${request}: ${what}${quoted}`
  switch (status) {
    case 400:
    case 422:
      return {
        code,
        text: text('the question was refused'),
        nextStep:
          'Ask for a shorter time or fewer groups; if it was refused for another reason, report this text.',
      }
    case 401:
      return {
        code,
        text: text('the token or password was refused or is missing'),
        nextStep: 'Set or renew `bearer` or `basic` under metering: in floorwatch.yaml.',
      }
    case 403:
      return {
        code,
        text: text('this token may not read that'),
        nextStep: 'Give the token the right to read it, or use another token.',
      }
    case 404:
      return { code, text: text('there is no such thing'), nextStep: wrongAddress }
    case 405:
    case 501:
      return { code, text: text('it does not answer this question'), nextStep: wrongAddress }
    case 429:
      return {
        code,
        text: text('it is asked too often'),
        nextStep: 'Raise `refresh` under metering:, or raise the limit of this token.',
      }
    default: {
      const told = describeStatus(status, { source: name, address: '' })
      const what =
        status >= 500 && ![502, 503, 504].includes(status) ? 'it failed inside' : notAvailable(status)
      return { code, text: text(what), nextStep: told.nextStep }
    }
  }
}

function notAvailable(status: number): string {
  return status >= 500 ? 'it, or what stands behind it, is not available' : 'the question was refused'
}

function webPage(status: number, start: string, { name, request }: Asked): SourceError {
  const title = pageTitle(start)
  return {
    code: status >= 400 ? `http-${status}` : 'html',
    text: `${name}: ${request} was answered with a web page${title === '' ? '' : ` ("${title}")`} and HTTP ${status}, not with JSON: a login proxy or another service stands there`,
    nextStep: 'Use the address of the API behind the proxy, or give a token that the proxy accepts.',
  }
}

function problemOf(text: string): LooseProblem | null {
  if (!text.trimStart().startsWith('{')) return null
  try {
    const result = looseProblem.safeParse(JSON.parse(text))
    return result.success ? result.data : null
  } catch {
    return null
  }
}

/** In the words of the server: what it says, about what, and by which name it finds the request in its own log. */
function saidBy({ title, detail, pointer, requestId }: LooseProblem): string {
  const place = pointer === undefined ? '' : `${printable(pointer, 120)}: `
  const said = printable(detail ?? title ?? '')
  if (said === '' && place === '') return ''
  return `${place}${said}${requestId === undefined ? '' : `; its request ${printable(requestId, 80)}`}`
}
