import { describe, expect, it } from 'vitest'
import { createTargetParser } from '../../sources/exposition/index.ts'
import { type Named, namedBy, valuesOf } from './withheld.ts'

const NOTHING: Named = { series: [], unread: undefined }
const power = (gpu: number, value: string) =>
  `DCGM_FI_DEV_POWER_USAGE{gpu="${gpu}",UUID="GPU-${gpu}"} ${value}`
const temp = (gpu: number, value: string) => `DCGM_FI_DEV_GPU_TEMP{gpu="${gpu}",UUID="GPU-${gpu}"} ${value}`

/** Successive answers of one exporter. */
function exporter() {
  const parser = createTargetParser()
  let named = NOTHING
  return (...lines: string[]) => {
    const parsed = parser.parse(Buffer.from(`${lines.join('\n')}\n`))
    const before = named
    named = namedBy(parsed, before)
    const unread = named.series
      .filter((_, i) => named.unread?.rows[i] === 1)
      .map(({ name, labels }) => `${name.slice(12)} ${labels.get('gpu')}`)
    return { unread, same: named.series === before.series, values: [...valuesOf(named, parsed.values)] }
  }
}

describe('series whose line cannot be read', () => {
  it('are named without a figure, whether they were read before or not', () => {
    const answer = exporter()
    const bad = [power(0, '300'), power(1, 'N/A'), temp(0, '50'), temp(1, '51')]
    expect(answer(...bad)).toEqual({
      unread: ['POWER_USAGE 1'],
      same: false,
      values: [300, 50, 51, Number.NaN],
    })
    expect(answer(...bad)).toMatchObject({ unread: ['POWER_USAGE 1'], same: true })
    expect(answer(power(0, '301'), power(1, '310'), temp(0, '50'), temp(1, '51'))).toMatchObject({
      unread: [],
    })
    expect(answer(...bad)).toMatchObject({ unread: ['POWER_USAGE 1'] })
  })

  it('hide no other series that is gone', () => {
    const answer = exporter()
    answer(power(0, '300'), power(1, '310'), temp(0, '50'), temp(1, '51'))
    expect(answer(power(0, '300'), power(1, 'N/A'), temp(0, '50')).unread).toEqual(['POWER_USAGE 1'])
    expect(answer(power(0, '300'), power(1, 'N/A'), temp(0, '50')).unread).toEqual(['POWER_USAGE 1'])
  })

  it('may be any of their metric, or any at all, where the line does not say whose it is', () => {
    const answer = exporter()
    const whole = [power(0, '300'), power(1, '310'), temp(0, '50'), temp(1, '51')]
    answer(...whole)
    expect(
      answer(power(0, '300'), 'DCGM_FI_DEV_POWER_USAGE{gpu="1 310', temp(0, '50'), temp(1, '51')).unread,
    ).toEqual(['POWER_USAGE 1'])
    answer(...whole)
    expect(answer(power(0, '300'), '=====', temp(0, '50'), temp(1, '51')).unread).toEqual(['POWER_USAGE 1'])
    answer(...whole)
    // One line cannot hide a whole GPU.
    expect(answer(power(0, '300'), '=====', temp(0, '50')).unread).toEqual([])
  })

  it('are not hidden where the same series has a line that can be read', () => {
    expect(exporter()(power(0, '300'), power(0, 'N/A'), temp(0, '50')).unread).toEqual([])
  })
})
