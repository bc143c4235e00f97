const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, b: 1e9 }
/** Beyond this no tenant uses a minute; a slip of the keyboard is not taken for a limit. */
const MOST = 1e15

/**
 * What a person types for a limit: `4.2 M`, `4,200,000`, `900k`. A comma or a space groups thousands; a comma alone may be
 * a decimal mark elsewhere, so one that does not group is refused instead of guessed.
 * @returns a whole number from 0, or null for what is none
 */
export function parseLimit(text: string): number | null {
  const match = /^([\d.,\s\u2009\u202F]+)\s*([kmgb]?)$/i.exec(text.trim())
  if (match === null) return null
  const [, digits = '', prefix = ''] = match
  const plain = digits.replaceAll(/[\s\u2009\u202F]/g, '')
  if (!/^\d{1,3}(,\d{3})+(\.\d+)?$|^\d+(\.\d+)?$/.test(plain)) return null
  const value = Number(plain.replaceAll(',', '')) * (FACTORS[prefix.toLowerCase()] ?? Number.NaN)
  return Number.isFinite(value) && value <= MOST ? Math.round(value) : null
}

/** Short, and read back by {@link parseLimit} as exactly the same number. */
export function limitText(limit: number): string {
  for (const [prefix, factor] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e3],
  ] as const) {
    if (limit < factor) continue
    const text = `${Number((limit / factor).toFixed(6))} ${prefix}`
    if (parseLimit(text) === limit) return text
  }
  return String(limit)
}

/** Two significant digits downwards: a proposal is no measurement, and never above what it was made of. */
export function roundedDown(limit: number): number {
  if (!(limit >= 1)) return 0
  const step = 10 ** Math.max(0, Math.floor(Math.log10(limit)) - 1)
  return Math.floor(limit / step) * step
}
