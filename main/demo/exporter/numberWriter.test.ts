import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeDouble, writeInteger } from './numberWriter.ts'

function written(write: (out: Uint8Array, at: number, value: number) => number, value: number): string {
  const out = Buffer.alloc(40)
  const end = write(out, 3, value)
  return out.toString('latin1', 3, end)
}

describe('writeInteger', () => {
  it('writes what Go prints with %d, up to 2^53', () => {
    for (const value of [0, 9, 10, 999_999_999, 1e9, 1e9 + 1, 4_742_776, 2 ** 53 - 1, 1e15]) {
      expect(written(writeInteger, value)).toBe(`${value}\n`)
    }
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(written(writeInteger, value)).toBe(`${value}\n`)
      }),
      { numRuns: 2000 },
    )
  })

  it('rounds', () => expect(written(writeInteger, 70.6)).toBe('71\n'))
})

describe('writeDouble', () => {
  it('writes what Go prints with %f', () => {
    expect(written(writeDouble, 0)).toBe('0.000000\n')
    expect(written(writeDouble, 16.365)).toBe('16.365000\n')
    expect(written(writeDouble, 0.999_999_9)).toBe('1.000000\n')
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (micros) => {
        expect(written(writeDouble, micros / 1e6)).toBe(`${(micros / 1e6).toFixed(6)}\n`)
      }),
      { numRuns: 2000 },
    )
  })
})
