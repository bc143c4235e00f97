/**
 * DCGM's "blank" values (not found, not supported, not permissioned), which older exporters print as figures: the top
 * of INT64 (2^63 once it went through a double), INT32 around 2147483640, and doubles from 140737488355328.
 * Source: dcgm_structs.h, DCGM_INT64_BLANK, DCGM_INT32_BLANK, DCGM_FP64_BLANK.
 */
export function isBlank(value: number): boolean {
  return (
    value >= 9_223_372_036_854_774_000 ||
    (value >= 140_737_488_355_328 && value <= 140_737_488_355_331) ||
    (value >= 2_147_483_632 && value <= 2_147_483_635)
  )
}

/** In place: blanks become NaN, which is how an absent figure travels. Counts the blanks. */
export function blankToNaN(values: Float64Array): number {
  let blanks = 0
  for (let index = 0; index < values.length; index++) {
    if (isBlank(values[index] as number)) {
      values[index] = Number.NaN
      blanks++
    }
  }
  return blanks
}
