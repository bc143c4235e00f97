/**
 * JSON without loss of digits: an integer literal beyond 2^53 becomes a bigint instead of a rounded number. Only a text
 * that has a run of 16 digits is read with a reviver, because reviving costs several times as much.
 * @throws SyntaxError as JSON.parse
 */
export function parseJson(text: string): unknown {
  return /\d{16}/.test(text) ? JSON.parse(text, revive) : JSON.parse(text)
}

/** The source text of a literal, as JSON.parse gives it to a reviver (ECMAScript 2026); TypeScript's lib lacks it. */
function revive(
  this: unknown,
  _key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value
}

/** The counterpart: bigints are written as integer literals. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? rawJson(each) : each))
}

function rawJson(value: bigint): unknown {
  if (value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER))
    return Number(value)
  // JSON.rawJSON (ECMAScript 2026) is in every runtime of ours; TypeScript's lib lacks it.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString())
}
