/**
 * DCGM's "blank" values (blank, not found, not supported, not permitted), which older exporters print as if they were
 * figures. Source: dcgm_structs.h, DCGM_INT32_BLANK, DCGM_INT64_BLANK, DCGM_FP64_BLANK and the three that follow each.
 * The INT64 ones all become 2^63 in a double, and a back end that rounds may write a little less. Of the others only
 * those few are taken: a counter passes everything above them honestly.
 */
const INT32 = [2_147_483_632, 2_147_483_635] as const
const FP64 = [140_737_488_355_328, 140_737_488_355_331] as const
const INT64 = [9_223_372_036_854_774_000, 2 ** 63] as const

/** Whether a value of a DCGM series says that there is none. Asked of every figure: the first comparison settles most. */
export function isBlank(value: number): boolean {
  if (!(value >= INT32[0])) return false
  return (
    value <= INT32[1] || (value >= FP64[0] && value <= FP64[1]) || (value >= INT64[0] && value <= INT64[1])
  )
}
