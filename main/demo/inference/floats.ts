/**
 * A number as Python's prometheus_client prints it: like Python's repr, and with an exponent from a million on. Counters
 * are printed that way too, with `.0` behind them.
 */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const text = pythonRepr(value)
  const point = text.indexOf('.')
  if (value <= 0 || point <= 6) return text
  const mantissa = `${text.slice(0, 1)}.${text.slice(1, point)}${text.slice(point + 1)}`.replace(/[0.]+$/, '')
  return `${mantissa}e+${String(point - 1).padStart(2, '0')}`
}

/** Both languages print the shortest digits that lead back to the number; they differ in where exponents begin. */
function pythonRepr(value: number): string {
  const magnitude = Math.abs(value)
  if (magnitude >= 1e16 || (magnitude > 0 && magnitude < 1e-4)) {
    const [digits = '', exponent = '0'] = value.toExponential().split('e')
    const sign = exponent.startsWith('-') ? '-' : '+'
    return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`
  }
  const text = String(value)
  return text.includes('.') ? text : `${text}.0`
}
