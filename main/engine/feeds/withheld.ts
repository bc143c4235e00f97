import { fieldCodeOfSeries } from '../../../shared/model/field.ts'
import type { Unread } from '../../core/fleet/types.ts'
import { keyOfLabels, type ParsedScrape, type ScrapedSeries } from '../../sources/exposition/index.ts'

/** What an answer names: the series with a figure, and behind them those whose figure could not be read. */
export interface Named {
  readonly series: readonly ScrapedSeries[]
  readonly unread: Unread | undefined
}

/**
 * Adds to the series of one answer those that the exporter has and whose lines cannot be read: their figures stay and
 * age, and all else that the answer lacks is gone. Where a line does not say whose it is, what is missing since the
 * answer before may be hidden in it, as long as there are enough such lines for all that is missing.
 *
 * Returns `before` where nothing has changed, so that the fleet places the series once.
 */
export function namedBy(parsed: ParsedScrape, before: Named): Named {
  const { series, malformed, lost } = parsed
  if (malformed.count === 0 && lost.size === 0)
    return before.series === series ? before : { series, unread: undefined }
  const keys = new Set(series.map(keyOf))
  const withheld = new Map<string, ScrapedSeries>()
  for (const one of malformed.series) {
    const key = keyOf(one)
    if (!keys.has(key)) withheld.set(key, one)
  }
  const missing = before.series.filter((one) => {
    const key = keyOf(one)
    return !keys.has(key) && !withheld.has(key)
  })
  const nameless = malformed.others.get('') ?? 0
  for (const [name, ofName] of Map.groupBy(missing, (one) => one.name)) {
    if (lost.has(name) || ofName.length <= (malformed.others.get(name) ?? 0))
      for (const one of ofName) withheld.set(keyOf(one), one)
  }
  const unexplained = missing.filter((one) => !withheld.has(keyOf(one)))
  if (unexplained.length <= nameless) for (const one of unexplained) withheld.set(keyOf(one), one)
  const hidden = [...withheld.values()].filter(
    ({ name }) => fieldCodeOfSeries(name) >= 0 || name.startsWith('DCGM_EXP_'),
  )
  if (hidden.length === 0) return before.series === series ? before : { series, unread: undefined }
  if (isSame(before, series, hidden)) return before
  const rows = new Uint8Array(series.length + hidden.length).fill(1, series.length)
  return { series: [...series, ...hidden], unread: { rows, why: 'its line in the answer cannot be read' } }
}

/** Figures of the series that an answer names: NaN for those that could not be read. */
export function valuesOf({ series, unread }: Named, values: Float64Array): Float64Array {
  if (unread === undefined) return values
  const all = new Float64Array(series.length).fill(Number.NaN)
  all.set(values.subarray(0, Math.min(values.length, unread.rows.indexOf(1))))
  return all
}

function keyOf({ name, labels }: ScrapedSeries): string {
  return `${name}\u0000${keyOfLabels(labels)}`
}

function isSame(before: Named, series: readonly ScrapedSeries[], hidden: readonly ScrapedSeries[]): boolean {
  const { length } = series
  if (before.unread === undefined || before.series.length !== length + hidden.length) return false
  return (
    before.unread.rows.indexOf(1) === length &&
    series.every((one, i) => before.series[i] === one) &&
    hidden.every((one, i) => keyOf(before.series[length + i] as ScrapedSeries) === keyOf(one))
  )
}
