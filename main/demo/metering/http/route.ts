import { type Operation, type OperationName, OPERATIONS } from '../../../../shared/metering/operations.ts'

/** Where a request leads. */
export type Route =
  | {
      readonly kind: 'operation'
      readonly name: OperationName
      readonly operation: Operation
      readonly id: string | null
    }
  /** The path is known, the method is not. */
  | { readonly kind: 'method'; readonly allow: readonly string[] }
  | { readonly kind: 'unknown' }

interface Entry {
  readonly name: OperationName
  readonly operation: Operation
  readonly segments: readonly string[]
}

const TABLE: readonly Entry[] = (Object.entries(OPERATIONS) as [OperationName, Operation][])
  .map(([name, operation]) => ({ name, operation, segments: operation.path.split('/') }))
  // A path that is written out wins over one with a parameter: /v1/throttles/preview is no throttle's id.
  .toSorted((a, b) => parameters(a) - parameters(b))

function parameters({ segments }: Entry): number {
  return segments.filter((segment) => segment === '{id}').length
}

/**
 * The operation of a method and a path, straight from the contract. HEAD is answered wherever GET is.
 * @param path without the query, percent-encoded as it came
 */
export function routeOf(method: string, path: string): Route {
  const segments = path.split('/')
  const matches = TABLE.flatMap((entry) => {
    const id = matched(entry.segments, segments)
    return id === undefined ? [] : [{ ...entry, id }]
  })
  const [first] = matches
  if (first === undefined) return { kind: 'unknown' }
  const wanted = method === 'HEAD' ? 'GET' : method
  // Only what is as specific as the best match answers; DELETE /v1/throttles/preview is refused, not tried as an id.
  const best = matches.filter((match) => parameters(match) === parameters(first))
  const found = best.find((match) => match.operation.method === wanted)
  if (found !== undefined)
    return { kind: 'operation', name: found.name, operation: found.operation, id: found.id }
  const methods = best.map((match) => match.operation.method)
  return { kind: 'method', allow: methods.includes('GET') ? [...methods, 'HEAD'] : methods }
}

/** The parameter's value, null where the path has none, undefined where it is another path. */
function matched(pattern: readonly string[], segments: readonly string[]): string | null | undefined {
  if (pattern.length !== segments.length) return undefined
  let id: string | null = null
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i] ?? ''
    if (part === '{id}') {
      try {
        id = decodeURIComponent(segment)
      } catch {
        return undefined
      }
    } else if (part !== segment) return undefined
  }
  return id
}
