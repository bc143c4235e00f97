import {
  type ErrorCode,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import { quoted } from './problems.ts'
import type { ConfigPlace, ConfigProblem } from './types.ts'

/** A file beyond this is no configuration; 100,000 hosts as ranges are a few kB. */
export const MAX_BYTES = 1024 * 1024
/** How often anchors may be repeated: enough for shared TLS settings, too little for a "billion laughs". */
const MAX_ALIASES = 100

export interface ConfigDocument {
  /** The plain value, or undefined where the text is not YAML. */
  readonly value: unknown
  readonly problems: readonly ConfigProblem[]
  /** Where a value stands; of a path that is not there, its nearest parent. */
  placeOf(path: readonly PropertyKey[]): ConfigPlace
  /** Where the key in front of a value stands. */
  placeOfKey(path: readonly PropertyKey[]): ConfigPlace
}

/** Parses YAML 1.2 and remembers where everything stands. Never throws for any text. */
export function readDocument(text: string, file: string): ConfigDocument {
  const lines = new LineCounter()
  // Messages without an excerpt: the line at fault may hold a secret that somebody pasted there.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
  })
  const placeAt = (offset: number): ConfigPlace => {
    const { line, col } = lines.linePos(Math.min(offset, text.length))
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const problems: ConfigProblem[] = [...document.errors, ...document.warnings].map((error) => ({
    place: placeAt(error.pos[0]),
    key: '',
    text: YAML_WORDS[error.code] ?? 'this is not valid YAML',
    nextStep: 'Correct the line; an editor that knows YAML shows the place.',
  }))
  const locate = (path: readonly PropertyKey[], which: 'key' | 'value') =>
    placeAt(
      offsetOf(document.contents, path, which, (node) => (isAlias(node) ? node.resolve(document) : node)),
    )
  problems.push(...duplicateKeys(document.contents, placeAt))

  let value: unknown
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: MAX_ALIASES })
    } catch (error) {
      // The library has the two in words of its own alone.
      const unknown = error instanceof ReferenceError && /unresolved alias/i.test(error.message)
      problems.push({
        place: placeAt(0),
        key: '',
        text: unknown
          ? 'an alias (*name) refers to an anchor (&name) that is not there'
          : `anchors are repeated more than ${MAX_ALIASES} times`,
        nextStep: unknown
          ? 'Write the value out, or put a text that begins with * in quotes.'
          : 'Write the repeated parts out.',
      })
    }
  }
  return {
    value,
    problems,
    placeOf: (path) => locate(path, 'value'),
    placeOfKey: (path) => locate(path, 'key'),
  }
}

/** Our own words where the parser's would quote the text. */
const YAML_WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'this * refers to an anchor that is not defined above it',
  BAD_INDENT: 'the indentation does not fit the lines above',
  BAD_DQ_ESCAPE: 'there is an unknown escape after \\ inside double quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping starts where one value was expected (quote texts that contain ": ")',
  MISSING_CHAR: 'a closing quote, bracket, brace, comma or colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key without its ":" (or a text that should be quoted)',
  MULTIPLE_DOCS: 'there is a second document (---); a configuration is one document',
  NON_STRING_KEY: 'a key must be a plain text',
  RESOURCE_EXHAUSTION: 'values are nested too deeply',
  TAB_AS_INDENT: 'a tab is used to indent; YAML wants spaces',
  TAG_RESOLVE_FAILED: 'this value has a tag (!) or a form that is not understood here',
  UNEXPECTED_TOKEN: 'something stands here that YAML does not expect',
}

function duplicateKeys(root: unknown, placeAt: (offset: number) => ConfigPlace): ConfigProblem[] {
  const problems: ConfigProblem[] = []
  if (!isCollection(root)) return problems
  visit(root, {
    Map(_, map) {
      const seen = new Map<string, number>()
      for (const { key } of map.items) {
        if (!isScalar(key)) continue
        const name = String(key.value)
        const offset = key.range?.[0] ?? 0
        const first = seen.get(name)
        if (first === undefined) seen.set(name, offset)
        else {
          problems.push({
            place: placeAt(offset),
            key: quoted(name),
            text: `this key already stands in line ${placeAt(first).line}`,
            nextStep: 'Keep one of the two.',
          })
        }
      }
    },
  })
  return problems
}

function offsetOf(
  root: Node | null,
  path: readonly PropertyKey[],
  which: 'key' | 'value',
  resolve: (node: unknown) => unknown,
): number {
  let node: unknown = resolve(root)
  let offset = rangeStart(node) ?? 0
  for (const [index, part] of path.entries()) {
    const last = index === path.length - 1
    if (isMap(node)) {
      const pair = pairOf(node, part)
      if (pair === undefined) return offset
      const key = rangeStart(pair.key)
      const value = rangeStart(pair.value)
      offset = (last && which === 'value' ? (value ?? key) : (key ?? value)) ?? offset
      node = resolve(pair.value)
    } else if (isSeq(node) && typeof part === 'number') {
      const item: unknown = node.items[part]
      if (item === undefined) return offset
      offset = rangeStart(item) ?? offset
      node = resolve(item)
    } else return offset
  }
  return offset
}

function pairOf(map: YAMLMap, part: PropertyKey) {
  return map.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))
}

function rangeStart(node: unknown): number | null {
  return isScalar(node) || isCollection(node) || isAlias(node) ? (node.range?.[0] ?? null) : null
}
