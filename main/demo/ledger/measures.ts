import { MEASURES, type Measure } from '../../../shared/model/tokens.ts'

/** Usage of one stream is a row of whole numbers in the order of MEASURES. */
export const WIDTH = MEASURES.length
export const AT = Object.fromEntries(MEASURES.map((measure, i) => [measure, i])) as Readonly<
  Record<Measure, number>
>

/** The grain of the metering: usage is kept in steps of ten seconds that start at multiples of it since 1970. */
export const CELL_MS = 10_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
export const CELLS_PER_HOUR = HOUR_MS / CELL_MS
