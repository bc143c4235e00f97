import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringifyJson } from '../../../../shared/metering/json.ts'
import { usedSecrets } from '../../../platform/redact.ts'
import { atOnce } from '../../../platform/turn.ts'
import { boundedJsonOf, MOST_VALUES, pieces } from './jsonPieces.ts'
import { TooLargeError } from './reader.ts'

const read = (text: string, key = 'data') => {
  const { head, count, batches } = atOnce(pieces(Buffer.from(text), key))
  const all = [...batches()]
  return { head, count, elements: all.flatMap(({ elements }) => elements), batches: all.length, all }
}

describe('an answer in pieces', () => {
  it('holds what the whole held, whatever that is and however it is written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(undefined, 1, '\t'),
        (data, beside, space) => {
          const whole = { ...beside, data }
          const { head, elements, count } = read(JSON.stringify(whole, null, space))
          expect(stringifyJson({ ...(head as object), data: elements })).toBe(
            JSON.stringify({ ...whole, data }),
          )
          expect(count).toBe(data.length)
        },
      ),
    )
  })

  it('is parsed some elements at a time, each with its place', () => {
    const data = Array.from({ length: 20_000 }, (_, i) => ({ name: `[{"${i}\\`, i }))
    const { all, elements } = read(JSON.stringify({ data, complete: true }))
    expect(all.length).toBeGreaterThan(3)
    expect(elements).toEqual(data)
    for (const {
      first,
      elements: [one],
    } of all)
      expect(one).toEqual(data[first])
  })

  it('keeps integers beyond 2^53', () => {
    expect(read(stringifyJson({ data: [2n ** 70n] })).elements).toEqual([2n ** 70n])
    expect(() => read(`{"data":[${'9'.repeat(40)}]}`)).toThrow('an integer of 40 digits')
  })

  it.each([
    '',
    '<html>',
    '{"data":[1,]}',
    '{"data":[,1]}',
    '{"data":[1}',
    '{"data":[1]',
    '{"data":[1]]}',
    '{"data":[{]}',
    '{"data":["a]}',
    '{"data":[1] "b":2}',
    '{"data":[1]}}',
    '[{"data":[1]}',
    '{"data":[\u0001]}',
  ])('refuses %j, which is no JSON', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ name: 'NotJson' }) as Error)
  })

  it('refuses whatever JSON.parse refuses, and takes what it takes', () => {
    const token = fc.constantFrom('{', '}', '[', ']', ',', ':', '"data"', '"', '1', ' ', '\\', 'null')
    fc.assert(
      fc.property(fc.array(token, { maxLength: 14 }), (tokens) => {
        const text = `{"data":[${tokens.join('')}`
        const parses = ((): boolean => {
          try {
            JSON.parse(text)
            return true
          } catch {
            return false
          }
        })()
        const taken = ((): boolean => {
          try {
            read(text)
            return true
          } catch (error) {
            // Twice the same key is JSON and no answer.
            return parses && (error as Error).message.endsWith('there twice')
          }
        })()
        expect(taken).toBe(parses)
      }),
      { numRuns: 5000 },
    )
  })

  it('leaves an array of that name further down, and what is no array, where it is', () => {
    expect(read('{"a":{"data":[1]},"data":{"b":[2]}}')).toMatchObject({
      head: { a: { data: [1] }, data: { b: [2] } },
      elements: [],
    })
    expect(read('[1,2]')).toMatchObject({ head: [1, 2], count: 0 })
  })

  it('refuses two arrays of that name, and what is too long to be parsed at once', () => {
    expect(() => read('{"data":[1],"data":[2]}')).toThrow('data: it is there twice')
    expect(() => read(`{"data":["${'x'.repeat(3_000_000)}"]}`)).toThrow('an entry of data has more than')
    expect(() => read(`{"note":"${'x'.repeat(3_000_000)}","data":[]}`)).toThrow('bytes beside its data')
  })
})

it('takes our own secrets out of each piece', () => {
  usedSecrets.register('tok-3f9a81c27be0')
  const { elements, head } = read(
    '{"note":"tok-3f9a81c27be0","data":[{"name":"a tok-3f9a81c27be0"},{"name":"b"}]}',
  )
  expect(JSON.stringify([head, elements])).not.toContain('3f9a81c27be0')
  expect(elements[1]).toEqual({ name: 'b' })
})

describe('an answer that is parsed at once', () => {
  it('is read up to its number of values, whatever its texts hold', () => {
    const texts = ['a,b,[{', '"\\'].map((text) => text.repeat(MOST_VALUES))
    expect(boundedJsonOf(Buffer.from(JSON.stringify({ texts })))).toEqual({ texts })
    const full = `[${Array.from({ length: MOST_VALUES - 1 }, () => 1).join()}]`
    expect(boundedJsonOf(Buffer.from(full))).toHaveLength(MOST_VALUES - 1)
  })

  it.each([
    ['values', '1,'],
    ['empty lists', '[],'],
    ['entries', '{"a":1},'],
  ])('is refused with more, in words (%s)', (_, each) => {
    const body = Buffer.from(`[${each.repeat(MOST_VALUES)}1]`)
    expect(() => boundedJsonOf(body)).toThrow(TooLargeError)
    expect(() => boundedJsonOf(body)).toThrow(`more than the ${MOST_VALUES} values`)
  })
})
