const INT32_BLANK = 2_147_483_632
const FP64_BLANK = 140_737_488_355_328
const INT64_BLANK = 2 ** 63

/** No value below is a sentinel; one comparison clears nearly every figure. */
export const SMALLEST_BLANK: number = INT32_BLANK

/**
 * DCGM's words for "no value" (dcgm_structs.h, DCGM_{INT32,INT64,FP64}_{BLANK,NOT_FOUND,NOT_SUPPORTED,NOT_PERMISSIONED}),
 * which older exporters print as figures.
 *
 * Exact values, no threshold: DCGM itself calls every double from 2^47 blank, but a scrape does not say which series
 * were doubles, and integer counters do pass 2^47: board energy in mJ after 39 MWh, NVLink bytes within minutes. Such a
 * counter meets one of these integers in at most one scrape, which then reads as absent; a threshold would lose it for
 * good. The INT64 sentinels …792 to …795 are all 2^63 once they are doubles.
 */
export function isBlank(value: number): boolean {
  if (value < INT32_BLANK) return false
  if (value <= INT32_BLANK + 3) return Number.isInteger(value)
  if (value >= FP64_BLANK && value <= FP64_BLANK + 7) return Number.isInteger(value)
  return value === INT64_BLANK
}
