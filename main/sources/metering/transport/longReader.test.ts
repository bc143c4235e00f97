import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { atOnce } from '../../../platform/turn.ts'
import { longReaderOf } from './longReader.ts'
import { readerOf } from './reader.ts'

const element = z.object({ n: z.int().min(0), name: z.string().optional() })
const schema = z
  .object({ rows: z.array(element), total: z.int() })
  .transform((whole) => ({ ...whole, double: 2 * whole.total }))
const read = longReaderOf(schema, { key: 'rows', element, most: 5000 })
const from = (answer: unknown) => atOnce(read(Buffer.from(JSON.stringify(answer))))

describe('a long answer', () => {
  it('is read as by the schema of the whole, in turns', () => {
    const rows = fc.array(
      fc.record({ n: fc.nat(), name: fc.string(), more: fc.anything() }, { requiredKeys: ['n'] }),
    )
    fc.assert(
      fc.property(rows, fc.nat(), (some, total) => {
        const answer: unknown = JSON.parse(
          JSON.stringify({ rows: some, total, beside: 1 }, (_, value: unknown) =>
            typeof value === 'bigint' ? String(value) : value,
          ),
        )
        expect(from(answer)).toEqual(readerOf(schema)(answer))
      }),
    )
    const many = Array.from({ length: 5000 }, (_, n) => ({ n, name: 'x'.repeat(50) }))
    const reading = read(Buffer.from(JSON.stringify({ rows: many, total: 1 })))
    let rests = 0
    while (reading.next().done !== true) rests++
    expect(rests).toBeGreaterThan(5)
  })

  it('names the place of what is wrong, and refuses more than can be read', () => {
    const rows = Array.from({ length: 5000 }, (_, n) => ({ n: n === 4321 ? -1 : n }))
    expect(() => from({ rows, total: 1 })).toThrow('rows.4321.n: ')
    expect(() => from({ rows: [], total: 'x' })).toThrow('total: ')
    expect(() => from({ rows: 7, total: 1 })).toThrow('rows: ')
    expect(() => from({ rows: [...rows, { n: 1 }], total: 1 })).toThrow(
      '5001 entries of rows are more than the 5000',
    )
  })
})
