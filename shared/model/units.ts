/**
 * How measured numbers, durations and instants become text: three significant digits unless counting, a thin space
 * before the unit, a true minus sign, a named zone. No locale takes part, so every screen says the same.
 */
export const THIN_SPACE = '\u2009'
export const MINUS = '\u2212'

export interface FigureFormat {
  /** Base unit as it is printed: `W`, `tok/s`, `°C`, `%`, `B`; '' for a bare number. */
  readonly unit?: string
  /** `count` prints whole numbers in full: a roll-call must not be rounded. */
  readonly kind?: 'measure' | 'count'
  /** Fixed decimals instead of three significant digits, so that a column lines up; switches prefixes off. */
  readonly digits?: number
}

export interface FormattedFigure {
  readonly digits: string
  /** With its prefix: `kW`, `M tok/s`. */
  readonly unit: string
}

const PREFIXES = [
  { factor: 1e15, sign: 'P' },
  { factor: 1e12, sign: 'T' },
  { factor: 1e9, sign: 'G' },
  { factor: 1e6, sign: 'M' },
  { factor: 1e3, sign: 'k' },
] as const

/** Units that take a prefix directly (kW); nouns keep a space (M tok/s). All others (°C, %, ×, MHz) take none. */
const JOINED = new Set(['W', 'Wh', 'J', 'B', 'B/s', 'bit/s', 'Hz', 'V', 'A'])
const NOUNS = new Set(['tok', 'tok/s', 'tok/min', 'req', 'req/s', 'req/min', 'samples', 'samples/s'])

/**
 * A finite number, or an exact whole one of any size, as digits and unit.
 * @throws RangeError for NaN and infinities: those are states, not figures.
 */
export function formatFigure(value: number | bigint, format: FigureFormat = {}): FormattedFigure {
  if (typeof value === 'bigint') return formatExact(value, format)
  if (!Number.isFinite(value)) throw new RangeError(`${value} is not a figure; give its state instead.`)
  const { unit = '', kind = 'measure', digits } = format
  if (kind === 'count') return { digits: signed(value, group(Math.abs(value).toFixed(0))), unit }
  if (digits !== undefined) return { digits: signed(value, group(Math.abs(value).toFixed(digits))), unit }

  const prefix = takesPrefix(unit)
    ? PREFIXES.find(({ factor }) => reaches(Math.abs(value), factor))
    : undefined
  const shown = prefix ? value / prefix.factor : value
  return { digits: signed(shown, significant(Math.abs(shown))), unit: withPrefix(prefix?.sign ?? '', unit) }
}

/**
 * Totals of tokens outgrow 2^53, beyond which a number loses digits: they are rounded on their digits, never through a
 * number. As with numbers, three significant digits and a prefix, or all digits for a count.
 */
function formatExact(value: bigint, { unit = '', kind = 'measure' }: FigureFormat): FormattedFigure {
  const sign = value < 0n ? MINUS : ''
  const magnitude = value < 0n ? -value : value
  const whole = (): FormattedFigure => ({ digits: `${sign}${group(magnitude.toString())}`, unit })
  if (kind === 'count' || !takesPrefix(unit)) return whole()
  const prefix = PREFIXES.find(({ factor }) => magnitude * 10_000n >= BigInt(factor) * 9995n)
  if (prefix === undefined) return whole()
  const factor = BigInt(prefix.factor)
  // Rounded at two decimals of the prefixed value, then at as many as leave three digits.
  const decimals = magnitude * 1000n < factor * 9995n ? 2 : magnitude * 100n < factor * 9995n ? 1 : 0
  const scaled = ((magnitude * 10n ** BigInt(decimals) * 2n) / factor + 1n) / 2n
  const digits = scaled.toString().padStart(decimals + 1, '0')
  const split = digits.length - decimals
  const fraction = decimals === 0 ? '' : `.${digits.slice(split)}`
  return { digits: `${sign}${group(digits.slice(0, split))}${fraction}`, unit: withPrefix(prefix.sign, unit) }
}

/** Every digit of an exact number, in groups: `400,000,123`. */
export function allDigits(value: bigint): string {
  return `${value < 0n ? MINUS : ''}${group((value < 0n ? -value : value).toString())}`
}

/** Digits, thin space and unit in one text: `98 %`, `612 kW`; only a multiple stands close: `14.4×`. */
export function figureText(value: number | bigint, format: FigureFormat = {}): string {
  const { digits, unit } = formatFigure(value, format)
  return unit === '' ? digits : `${digits}${unit === '×' ? '' : THIN_SPACE}${unit}`
}

function takesPrefix(unit: string): boolean {
  return JOINED.has(unit) || NOUNS.has(unit)
}

function withPrefix(sign: string, unit: string): string {
  if (sign === '') return unit
  return JOINED.has(unit) ? `${sign}${unit}` : `${sign} ${unit}`
}

/** 999.6 W is printed as 1.00 kW, never as 1000 W. */
function reaches(magnitude: number, factor: number): boolean {
  return magnitude >= factor || (magnitude / factor) * 1000 >= 999.5
}

function significant(magnitude: number): string {
  if (magnitude === 0) return '0'
  if (magnitude < 0.000_5) return '<0.001'
  if (magnitude < 0.099_95) return magnitude.toFixed(magnitude < 0.009_995 ? 4 : 3)
  if (magnitude < 0.999_5) return magnitude.toFixed(3)
  if (magnitude < 9.995) return magnitude.toFixed(2)
  if (magnitude < 99.95) return magnitude.toFixed(1)
  return group(magnitude.toFixed(0))
}

/** −0 and what rounds to it carry no sign. */
function signed(value: number, magnitude: string): string {
  return value < 0 && /[1-9]/.test(magnitude) ? `${MINUS}${magnitude}` : magnitude
}

/** 1,024 whatever the machine's locale. */
function group(digits: string): string {
  const [whole = '', fraction] = digits.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
