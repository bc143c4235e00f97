import { stringify } from 'csv-stringify/sync'

/** A cell: text from outside, or a figure that is ours. */
export type Cell = string | bigint | number | null

/**
 * RFC 4180 with a header, for spreadsheets. Text that a spreadsheet would run as a formula gets an apostrophe before it;
 * figures do not, so that a negative difference stays a number.
 */
export function csvOf(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return stringify([header.map(asText), ...rows.map((row) => row.map(asText))], { record_delimiter: '\r\n' })
}

/** A decimal number, as money and counts are written. */
const FIGURE = /^-?\d+(?:\.\d+)?$/
/** The signs that begin a formula, their full-width forms, and the white space that hides them. */
const FORMULA = /^[\s]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/

function asText(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return cell.toString()
  return FORMULA.test(cell) && !FIGURE.test(cell) ? `'${cell}` : cell
}
