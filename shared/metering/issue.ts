import type { z } from 'zod'

/** Where and why an answer is not of the shape of its schema. */
export interface Issue {
  /** `series.3.points.0.t`, '' for the whole */
  readonly path: string
  readonly message: string
  /** Further places that are not as they should be. */
  readonly more: number
}

/** The first and most telling issue: inside a choice of shapes the first alternative says more than "invalid input". */
export function firstIssue({ issues }: z.ZodError): Issue {
  return { ...deepest(issues, []), more: Math.max(0, issues.length - 1) }
}

function deepest(issues: z.core.$ZodError['issues'], above: readonly PropertyKey[]): Omit<Issue, 'more'> {
  const [issue] = issues
  if (issue === undefined) return { path: above.map(String).join('.'), message: 'not as expected' }
  const path = [...above, ...issue.path]
  const inner = issue.code === 'invalid_union' ? issue.errors[0] : undefined
  if (inner !== undefined && inner.length > 0 && issue.message === 'Invalid input')
    return deepest(inner, path)
  return { path: path.map(String).join('.'), message: issue.message }
}
