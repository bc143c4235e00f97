import { describe, expect, it } from 'vitest'
import { FIELD_IDS } from '../../../../shared/model/field.ts'
import { clockEventWords, READING_GROUPS, readingsOf } from './figures.ts'

describe('READING_GROUPS', () => {
  it('shows every field once', () => {
    const grouped = READING_GROUPS.flatMap(({ fields }) => fields)
    expect(grouped.toSorted()).toEqual(FIELD_IDS.toSorted())
  })
})

describe('readingsOf', () => {
  it("keeps the group's order and leaves out what was never sent", () => {
    const reading = (field: 'power' | 'gpuTemp') => ({ field, state: 'ok' as const, value: 1, at: 1 })
    const found = readingsOf(['power', 'memTemp', 'gpuTemp'], [reading('gpuTemp'), reading('power')])
    expect(found.map(({ field }) => field)).toEqual(['power', 'gpuTemp'])
  })
})

describe('clockEventWords', () => {
  it('names the reasons', () => {
    expect(clockEventWords(0)).toBe('none')
    expect(clockEventWords(0x1)).toBe('idle')
    expect(clockEventWords(0x44)).toBe('software power cap, hardware thermal slowdown')
    expect(clockEventWords(0x8008)).toBe('hardware slowdown, 0x8000')
  })
})
