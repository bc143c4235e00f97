import { figureText } from '../../../../shared/model/units.ts'
import { say } from '../../../../shared/messages/format.ts'
import type { Stack } from './stack.ts'

/** What a stack shows, for those who cannot see it: its newest point, largest first, and how much is missing. */
export function spokenStack(label: string, stack: Stack, names: readonly string[], unit: string): string {
  const newest = stack.totals.findLastIndex((total) => total !== null)
  if (newest === -1) return say('chart.spoken.none', { label })
  const missing = stack.totals.filter((total) => total === null).length
  const parts = stack.layers.map(({ values }, index) => `${names[index]} ${said(values[newest], unit)}`)
  const whole = say('chart.spoken', {
    label,
    total: said(stack.totals[newest], unit),
    parts: parts.join('; '),
  })
  return missing === 0
    ? whole
    : say('chart.spoken.gaps', { text: whole, missing, points: stack.totals.length })
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
  if (own === undefined)
    return say('chart.spoken.total', { time: instant, total: said(stack.totals[at], unit) })
  return say('chart.spoken.layer', {
    time: instant,
    name: names[layer] ?? '',
    value: said(own.values[at], unit),
    total: said(stack.totals[at], unit),
  })
}

function said(value: number | null | undefined, unit: string): string {
  return value === null || value === undefined ? say('chart.spoken.unknown') : figureText(value, { unit })
}
