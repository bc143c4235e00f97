/**
 * Labels come from outside and may be anything: a megabyte, control characters, bidirectional overrides, `__proto__`.
 * They stay text. Here they become short, well-formed text on one line; nothing downstream has to bound them again.
 */
export const MAX_TEXT_LENGTH = 128

/** C0 and C1 controls, line separators and the characters that reorder what stands around them. */
// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** At most {@link MAX_TEXT_LENGTH} units. What is cut keeps a checksum of the whole, so that two long names stay two. */
export function boundedText(raw: string, max: number = MAX_TEXT_LENGTH): string {
  const short = raw.length <= max ? raw : `${raw.slice(0, max - 9)}~${checksum(raw)}`
  return short.toWellFormed().replace(UNPRINTABLE, '\ufffd')
}

/** FNV-1a over at most 4096 units taken evenly, and the length: enough to distinguish names, cheap for a megabyte. */
function checksum(text: string): string {
  let hash = 0x811c9dc5 ^ text.length
  const step = Math.max(1, Math.floor(text.length / 4096))
  for (let i = 0; i < text.length; i += step) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

const collator = new Intl.Collator('en', { numeric: true })

/** h-2 before h-10; texts that only differ in form (h-01, h-1) keep a fixed order too. */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}

/** "1 GPU", "8 GPUs". */
export function gpus(count: number): string {
  return count === 1 ? '1 GPU' : `${count} GPUs`
}
