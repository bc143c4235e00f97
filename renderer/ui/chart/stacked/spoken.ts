import { figureText } from '../../../../shared/model/units.ts'
import type { Stack } from './stack.ts'

/** What a stack shows, for those who cannot see it: its newest point, largest first, and how much is missing. */
export function spokenStack(label: string, stack: Stack, names: readonly string[], unit: string): string {
  const newest = stack.totals.findLastIndex((total) => total !== null)
  if (newest === -1) return `${label}: nothing is known.`
  const missing = stack.totals.filter((total) => total === null).length
  const parts = stack.layers.map(({ values }, index) => `${names[index]} ${said(values[newest], unit)}`)
  const gaps = missing === 0 ? '' : ` ${missing} of ${stack.totals.length} points are not known whole.`
  return `${label}, newest: ${said(stack.totals[newest], unit)} in all; ${parts.join('; ')}.${gaps}`
}

/** One instant, for the live region: the layer that is pointed at, or the whole. */
export function spokenPoint(
  stack: Stack,
  names: readonly string[],
  unit: string,
  { at, layer }: { at: number; layer: number },
  instant: string,
): string {
  const own = stack.layers[layer]
  if (own === undefined) return `${instant}: ${said(stack.totals[at], unit)} in all`
  return `${instant}: ${names[layer]} ${said(own.values[at], unit)} of ${said(stack.totals[at], unit)}`
}

function said(value: number | null | undefined, unit: string): string {
  return value === null || value === undefined ? 'not known' : figureText(value, { unit })
}
