import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { field } from '../../shared/model/field.ts'
import { fitFigures, rampSpan, shortDigits } from './scale.ts'

const ADVANCE = 0.6
const height = 40
const H100 = { powerWatts: 700, memoryMebibytes: 96 * 1024 }
const B200 = { powerWatts: 1000, memoryMebibytes: 192 * 1024 }

describe('figures in a cell', () => {
  it('are never wider than their room', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('smActive', 'power', 'gpuTemp', 'fbUsed', 'pcieTx'),
        fc.double({ min: 1, max: 120, noNaN: true }),
        fc.constantFrom(1, 1.5),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (id, width, em, share) => {
          const span = rampSpan(field(id), [H100, B200])
          const fit = fitFigures(field(id), span, { width, height }, ADVANCE, em)
          if (fit === null) return
          const text = shortDigits(field(id), span[0] + share * (span[1] - span[0]), fit.digits)
          expect(text.length * ADVANCE * fit.px).toBeLessThanOrEqual(width + 1e-9)
        },
      ),
    )
  })

  it('lose decimals before they become small, and give way where whole numbers cannot be read', () => {
    const span = rampSpan(field('fbUsed'), [B200])
    const digitsAt = (width: number) =>
      fitFigures(field('fbUsed'), span, { width, height }, ADVANCE, 1)?.digits ?? null
    expect(digitsAt(60)).toBe(1)
    expect(digitsAt(26)).toBe(0)
    expect(digitsAt(12)).toBeNull()
  })

  it('do not fill a low cell from edge to edge', () => {
    const fit = fitFigures(field('smActive'), [0, 1], { width: 200, height: 18 }, ADVANCE, 1)
    expect(fit?.px).toBeLessThanOrEqual(13)
  })
})
