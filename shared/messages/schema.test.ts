import { describe, expect, it } from 'vitest'
import { textOf } from './format.ts'
import { message, type MessageValue, said } from './message.ts'
import { DEEPEST, LONGEST_VALUE, messageSchema, MOST_VALUES } from './schema.ts'

describe('a message on the wire', () => {
  it('comes out as it went in, with messages inside', () => {
    const sent = message('setup.form.exporters.line', {
      line: 3,
      address: 'ftp://h',
      problem: message('setup.form.address.protocol', { protocol: 'ftp:' }),
    })
    expect(messageSchema.parse(JSON.parse(JSON.stringify(sent)))).toEqual(sent)
  })

  it('is refused where no text has its id, inside another as well', () => {
    expect(messageSchema.safeParse({ id: 'toString', values: {} }).success).toBe(false)
    expect(messageSchema.safeParse({ id: 'setup.unknown', values: {} }).success).toBe(false)
    const inside = { id: 'setup.form.exporters.line', values: { problem: { id: 'nothing', values: {} } } }
    expect(messageSchema.safeParse(inside).success).toBe(false)
  })

  it('is refused without a parameter that its text names: it could not be put into words', () => {
    expect(messageSchema.safeParse({ id: 'setup.connect.saved', values: {} }).success).toBe(false)
    const inList = [{ id: 'setup.connect.saved', values: {} }]
    expect(messageSchema.safeParse({ id: 'general.said', values: { text: inList } }).success).toBe(false)
    expect(messageSchema.safeParse({ id: 'setup.title' }).success).toBe(false)
    expect(messageSchema.safeParse('Setup').success).toBe(false)
  })

  it('is refused beyond its bounds: length of a text, elements of a list, messages within messages', () => {
    const holds = (text: MessageValue) =>
      messageSchema.safeParse({ id: 'general.said', values: { text } }).success
    expect([holds('x'.repeat(LONGEST_VALUE)), holds('x'.repeat(LONGEST_VALUE + 1))]).toEqual([true, false])
    const list = Array.from({ length: MOST_VALUES }, () => 'x')
    expect([holds(list), holds([...list, 'x'])]).toEqual([true, false])
    expect([holds(1), holds(Number.NaN), holds(Number.POSITIVE_INFINITY)]).toEqual([true, false, false])
    const nested = (depth: number): MessageValue =>
      depth === 0
        ? 'x'
        : depth % 2 === 0
          ? [nested(depth - 1)]
          : message('general.said', { text: nested(depth - 1) })
    expect([holds(nested(DEEPEST - 1)), holds(nested(DEEPEST))]).toEqual([true, false])
    // A tower that no stack would hold is refused at its top.
    let tower: unknown = said('x')
    for (let level = 0; level < 100_000; level++) tower = { id: 'general.said', values: { text: tower } }
    expect(messageSchema.safeParse(tower).success).toBe(false)
  })

  it('can be put into words whenever it is accepted', () => {
    const sent = message('setup.connect.saved', { path: ['/a', said('/b'), 3000] })
    expect(textOf(messageSchema.parse(sent))).toMatch(/^Saved to \/a, \/b and 3,000\./)
  })
})
