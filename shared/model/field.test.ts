import { expect, it } from 'vitest'
import { FIELDS, fieldCode, fieldCodeOfSeries, seriesNamesOf } from './field.ts'

it('knows counters also as collectors of OpenTelemetry name them, and no gauge under such a name', () => {
  expect(fieldCodeOfSeries('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION_total')).toBe(fieldCode('energy'))
  expect(fieldCodeOfSeries('DCGM_FI_DEV_ECC_DBE_VOL_TOTAL_total')).toBe(fieldCode('eccDbe'))
  // A rate that dcgm-exporter calls a counter.
  expect(fieldCodeOfSeries('DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL_total')).toBe(fieldCode('nvlink'))
  expect(fieldCodeOfSeries('DCGM_FI_DEV_POWER_USAGE_total')).toBe(-1)
})

it('names no series for two fields', () => {
  const names = FIELDS.flatMap((field) => seriesNamesOf(field))
  expect(new Set(names).size).toBe(names.length)
})
