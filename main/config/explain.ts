import { z } from 'zod'
import type { ConfigDocument } from './document.ts'
import { keyOf, quoted } from './problems.ts'
import { configSchema } from './schema.ts'
import { nearest } from './suggest.ts'
import type { ConfigProblem } from './types.ts'

type Issue = z.core.$ZodIssue

/** Of a file that is wrong in thousands of places: finding each of them takes as long as the file is. */
const MOST_EXPLAINED = 100

/** What a refused schema check means to the person who wrote the file: place, key, expectation, next step. */
export function explainIssues(issues: readonly Issue[], document: ConfigDocument): ConfigProblem[] {
  const misspelt = new Set<string>()
  const strangers = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: issue.path, key })) : [],
  )
  const unknown = strangers.slice(0, MOST_EXPLAINED).map(({ path, key }) => {
    const meant = nearest(key, knownKeys(path))
    if (meant !== null) misspelt.add(keyOf([...path, meant]))
    return unknownKey([...path, key], meant, document)
  })
  // A key that is missing because it is misspelt is one slip, told once.
  const others = issues.filter(
    (issue) =>
      issue.code !== 'unrecognized_keys' &&
      !(misspelt.has(keyOf(issue.path)) && valueAt(document.value, issue.path) === undefined),
  )
  const explained = others.slice(0, MOST_EXPLAINED).map((issue) => explain(issue, document))
  const left = strangers.length - unknown.length + others.length - explained.length
  return [...unknown, ...explained, ...(left === 0 ? [] : [moreOf(left, document)])]
}

function moreOf(left: number, document: ConfigDocument): ConfigProblem {
  return {
    place: document.placeOf([]),
    key: '',
    text: `${left} more places are wrong and not listed`,
    nextStep: 'Correct those that are.',
  }
}

function explain(issue: Issue, document: ConfigDocument): ConfigProblem {
  const { path } = issue
  const value = valueAt(document.value, path)
  const key = keyOf(path)
  if (value === undefined) {
    return {
      place: document.placeOfKey(path),
      key,
      text: `this is missing; expected ${expectation(issue)}`,
      nextStep: `Add it: ${String(path.at(-1) ?? 'version')}: ...`,
    }
  }
  if (issue.code === 'invalid_key') {
    return {
      place: document.placeOfKey(path),
      key,
      text: issue.issues[0]?.message ?? 'this name is not allowed here',
      nextStep: 'Correct the name.',
    }
  }
  return {
    place: document.placeOf(path),
    key,
    text: `expected ${expectation(issue)}, found ${found(value, issue)}`,
    nextStep: nextStepFor(issue),
  }
}

function unknownKey(
  path: readonly PropertyKey[],
  meant: string | null,
  document: ConfigDocument,
): ConfigProblem {
  const known = knownKeys(path.slice(0, -1))
  const listed = `${known.slice(0, 12).join(', ')}${known.length > 12 ? ` and ${known.length - 12} more` : ''}`
  return {
    place: document.placeOfKey(path),
    key: keyOf(path),
    text: 'there is no such key',
    nextStep:
      meant === null ? (listed === '' ? 'Remove it.' : `Known here: ${listed}.`) : `Did you mean ${meant}?`,
  }
}

const REFERENCE = 'a reference to a secret, { env: NAME } or { file: PATH }'

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? issue.expected
    case 'invalid_value':
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.slice(0, 12).join(', ')}`
    case 'too_small':
      if (issue.origin === 'string') return 'a text that is not empty'
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `at most ${issue.maximum} characters`
      return `at most ${issue.maximum}`
    case 'invalid_union':
      return issue.path.includes('headers') ? `a text, or ${REFERENCE}` : REFERENCE
    case 'invalid_format':
      if (issue.path.at(-1) === 'env') return 'the name of an environment variable'
      return issue.message.replace(/^expected /, '')
    default:
      return issue.message
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function nextStepFor(issue: Issue): string {
  const last = issue.path.at(-1)
  if (last === 'version')
    return 'This Floorwatch reads version 1 of the format; a newer file needs a newer Floorwatch.'
  if (issue.code === 'invalid_union') {
    return 'Put the secret into an environment variable or a file and name it here.'
  }
  if (issue.code === 'invalid_type' && issue.expected === 'string') return 'Put the value in quotes.'
  return 'Correct the value.'
}

/** Keys whose values may be a secret that somebody wrote into the file; they are never repeated on a screen. */
const SENSITIVE = new Set([
  'bearer',
  'basic',
  'password',
  'headers',
  'env',
  'file',
  'key',
  'url',
  'http',
  'static',
])

function found(value: unknown, issue: Issue): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (issue.path.some((part) => SENSITIVE.has(String(part)))) {
    return issue.code === 'invalid_format' ? 'another text' : (KIND_WORDS[typeof value] ?? 'something else')
  }
  if (typeof value === 'string') return `"${quoted(value)}"`
  return JSON.stringify(value)
}

const KIND_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Record<PropertyKey, unknown>)[part]
        : undefined,
    root,
  )
}

let jsonSchema: z.core.JSONSchema.BaseSchema | null = null

/** The keys that the schema knows at a path, from its JSON Schema; [] where there is no mapping. */
function knownKeys(path: readonly PropertyKey[]): string[] {
  jsonSchema ??= z.toJSONSchema(configSchema, { io: 'input' })
  let node: z.core.JSONSchema.BaseSchema | undefined = jsonSchema
  for (const part of path) {
    const inner: unknown =
      typeof part === 'number'
        ? node?.items
        : (node?.properties?.[String(part)] ?? node?.additionalProperties)
    node = isSchema(inner) ? inner : undefined
  }
  const named = node?.propertyNames
  const names = isSchema(named) ? (named.enum ?? []).map(String) : []
  return [...Object.keys(node?.properties ?? {}), ...names]
}

function isSchema(node: unknown): node is z.core.JSONSchema.BaseSchema {
  return typeof node === 'object' && node !== null && !Array.isArray(node)
}
