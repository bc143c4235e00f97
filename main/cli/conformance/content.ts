/**
 * Names under which content travels in other systems. Unknown fields are allowed in answers, these are not. Keys of a
 * tenant's own making do not occur: the contract has names as values, never as fields.
 */
const CONTENT =
  /^(?:prompts?|completions?|messages?|content|arguments|documents?|(?:input|output|query|prompt|completion|response)_?text|tool_?(?:input|output|arguments|result))$/i

/** What an audit keeps of an object before and after an act is the back end's own. */
const FREE = new Set(['before', 'after'])

/** The first field of an answer that may hold content, as a path; null without one. */
export function contentField(value: unknown, path = ''): string | null {
  if (typeof value !== 'object' || value === null) return null
  for (const [key, member] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`
    if (!Array.isArray(value)) {
      if (CONTENT.test(key)) return here
      if (FREE.has(key)) continue
    }
    const inside = contentField(member, here)
    if (inside !== null) return inside
  }
  return null
}
