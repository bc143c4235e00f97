import type { z } from 'zod'
import type { Capabilities } from '../../../shared/metering/capabilities.ts'
import { stringifyJson } from '../../../shared/metering/json.ts'
import {
  type AnswerOf,
  type Operation,
  type OperationName,
  OPERATIONS,
} from '../../../shared/metering/operations.ts'
import type { Problem, ProblemType } from '../../../shared/metering/problem.ts'
import { bearerAuth } from '../../platform/auth.ts'
import { boundedRequest, type HttpAgent } from '../../platform/http/index.ts'
import type { Secret } from '../../platform/secret.ts'
import { contentField } from './content.ts'
import { checked, described, jsonOf, problemOf, type Reply } from './reply.ts'
import { Nonconformity } from './verdict.ts'

export interface SessionOptions {
  /** Without a slash at the end. */
  readonly base: string
  readonly agent: HttpAgent
  readonly token: Secret
  /** Tenant that throttles may be tried on; null: reading only. */
  readonly writeTenant: string | null
}

export interface Question {
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly id?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Left out: the configured one. Null: none at all. */
  readonly token?: string | null
}

const DEADLINE_MS = 30_000
const MAX_BODY_BYTES = 64 * 1024 * 1024

/** One run against one implementation: how its operations are called, and what is known of it so far. */
export class Session {
  readonly options: SessionOptions
  /** Set once the first check has read them. */
  capabilities: Capabilities | null = null
  /** Places of fields that may hold content, in all answers so far. */
  readonly contentFields: string[] = []
  /** Instant of the server's own clock, ms, as its last Date header said, moved on by this machine's clock. */
  #serverClock: { readonly server: number; readonly here: number } | null = null

  constructor(options: SessionOptions) {
    this.options = options
  }

  now(): number {
    const known = this.#serverClock
    return known === null ? Date.now() : known.server + (performance.now() - known.here)
  }

  /** One call, whatever the answer. @throws RequestFailure where there is none */
  async call(name: OperationName, question: Question = {}): Promise<Reply> {
    const operation: Operation = OPERATIONS[name]
    const path = operation.path.replace('{id}', encodeURIComponent(question.id ?? ''))
    return this.send(operation.method, path, question)
  }

  async send(method: Operation['method'], path: string, question: Question = {}): Promise<Reply> {
    const url = new URL(this.options.base + path)
    for (const [key, value] of Object.entries(question.query ?? {})) {
      for (const each of value === undefined ? [] : [value].flat()) url.searchParams.append(key, each)
    }
    const token = question.token === undefined ? this.options.token.reveal() : question.token
    const answer = await boundedRequest({
      url,
      agent: this.options.agent,
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        ...(question.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...question.headers,
      },
      ...(question.body === undefined ? {} : { body: stringifyJson(question.body) }),
      ...(token === null ? {} : { authorise: bearerAuth(() => token) }),
      deadlineMs: DEADLINE_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      compressed: true,
    })
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([key, value]) => [key, [value].flat().join(', ')]),
    )
    const date = Date.parse(headers['date'] ?? '')
    if (Number.isFinite(date)) this.#serverClock = { server: date, here: performance.now() }
    return {
      status: answer.status,
      headers,
      text: new TextDecoder().decode(answer.body),
      place: `${method} ${url.pathname}${decodeURIComponent(url.search)}`,
    }
  }

  /** A call that has to succeed. @throws Nonconformity for another status, another media type or another shape */
  async ask<N extends Exclude<OperationName, 'streamEvents'>>(
    name: N,
    question: Question = {},
  ): Promise<{ value: AnswerOf<N>; raw: unknown; reply: Reply }> {
    const reply = await this.call(name, question)
    const { status, body } = OPERATIONS[name].answer
    if (reply.status !== status) throw new Nonconformity(reply.place, `HTTP ${status}`, described(reply))
    const raw = jsonOf(reply, 'application/json')
    this.lookForContent(reply.place, raw)
    // The table's own entry: its type and its schema belong together.
    const schema = body as unknown as z.ZodType<AnswerOf<N>>
    return { value: checked(schema, raw, reply.place), raw, reply }
  }

  lookForContent(place: string, raw: unknown): void {
    const field = contentField(raw)
    if (field !== null) this.contentFields.push(`${place} → ${field}`)
  }

  /** A call that has to be refused in one way. @throws Nonconformity */
  async refused(type: ProblemType, name: OperationName, question: Question = {}): Promise<Problem> {
    return problemOf(await this.call(name, question), type)
  }
}
