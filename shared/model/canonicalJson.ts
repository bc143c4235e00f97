/**
 * JSON in the one form of RFC 8785 (JCS), so that both ends hash the same bytes. It is small because ECMAScript's own
 * serialisation of numbers and texts is the one that the RFC prescribes: what remains is the order of names, by UTF-16
 * code units, which is also how JavaScript sorts. Members that are undefined are left out, as JSON.stringify does.
 * @throws TypeError for what has no canonical form: not finite, bigint, undefined in a list, half of a surrogate pair
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (typeof value === 'string' && value.isWellFormed()) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  throw new TypeError(`canonical JSON cannot hold ${describe(value)}`)
}

function describe(value: unknown): string {
  if (typeof value === 'string') return 'a text with half of a surrogate pair'
  return typeof value === 'number' ? `the number ${value}` : `a value of the type ${typeof value}`
}
