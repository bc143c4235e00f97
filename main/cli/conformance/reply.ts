import type { z } from 'zod'
import { firstIssue } from '../../../shared/metering/issue.ts'
import { parseJson, stringifyJson } from '../../../shared/metering/json.ts'
import {
  type Problem,
  PROBLEM_STATUS,
  problemSchema,
  type ProblemType,
} from '../../../shared/metering/problem.ts'
import { Nonconformity } from './verdict.ts'

export interface Reply {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** `GET /v1/usage?from=…`, for places in verdicts. */
  readonly place: string
}

/** @throws Nonconformity unless the reply is this problem, as application/problem+json */
export function problemOf(reply: Reply, type: ProblemType): Problem {
  const status = PROBLEM_STATUS[type]
  if (reply.status !== status) {
    throw new Nonconformity(reply.place, `HTTP ${status} (${type})`, described(reply))
  }
  const problem = checked(problemSchema, jsonOf(reply, 'application/problem+json'), reply.place)
  if (!problem.type.endsWith(type)) {
    throw new Nonconformity(`${reply.place} → type`, `a type that ends in "${type}"`, `"${problem.type}"`)
  }
  if (problem.status !== status) {
    throw new Nonconformity(`${reply.place} → status`, String(status), String(problem.status))
  }
  return problem
}

/** @throws Nonconformity unless the body is JSON under its own name */
export function jsonOf(reply: Reply, media: string): unknown {
  const type = reply.headers['content-type'] ?? 'none'
  if (type.split(';', 1)[0]?.trim().toLowerCase() !== media) {
    throw new Nonconformity(`${reply.place} → Content-Type`, media, type)
  }
  try {
    return parseJson(reply.text)
  } catch {
    throw new Nonconformity(
      reply.place,
      'JSON',
      reply.text === '' ? 'an empty body' : reply.text.slice(0, 80),
    )
  }
}

/** @throws Nonconformity naming the first place that is not of this shape */
export function checked<S extends z.ZodType>(schema: S, raw: unknown, place: string): z.output<S> {
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  const { path, message, more } = firstIssue(result.error)
  throw new Nonconformity(
    `${place} → ${path === '' ? 'body' : path}`,
    wanted(message),
    inWords(at(raw, path)) + (more > 0 ? ` (and ${more} more places differ)` : ''),
  )
}

/** zod says "Invalid input: expected string, received undefined", and our own schemas "expected a …". */
function wanted(message: string): string {
  const [, expected] = /^(?:Invalid input: )?expected (.*?)(?:, received .*)?$/.exec(message) ?? []
  return expected ?? `what the contract says (${message})`
}

function at(raw: unknown, path: string): unknown {
  return (path === '' ? [] : path.split('.')).reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Readonly<Record<string, unknown>>)[key]
        : undefined,
    raw,
  )
}

function inWords(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return stringifyJson(typeof value === 'string' ? value.slice(0, 80) : value)
}

/** A reply that was not expected: its status, and what it says of itself. */
export function described({ status, text }: Reply): string {
  const problem = problemSchema.safeParse(jsonOrNull(text))
  if (!problem.success) return `HTTP ${status} ${text.slice(0, 200)}`.trim()
  const { type, title, detail } = problem.data
  return `HTTP ${status} (${type}): ${detail ?? title}`
}

function jsonOrNull(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return null
  }
}
