import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assignSlots, SLOTS } from './slots.ts'

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 12 })

describe('colours for names', () => {
  it('are different for everybody who is shown, whoever was shown before', () => {
    fc.assert(
      fc.property(names, names, (before, shown) => {
        const slots = assignSlots(assignSlots(new Map(), before), shown)
        const own = shown.slice(0, SLOTS).map((name) => slots.get(name))
        expect(new Set(own).size).toBe(own.length)
        for (const slot of own) expect(slot).toBeLessThan(SLOTS)
      }),
    )
  })

  it('stay with a name while it is shown, and when it comes back to a free one', () => {
    const first = assignSlots(new Map(), ['a', 'b', 'c'])
    const second = assignSlots(first, ['c', 'a'])
    expect([second.get('a'), second.get('c')]).toEqual([first.get('a'), first.get('c')])
    expect(assignSlots(second, ['b']).get('b')).toBe(first.get('b'))
  })

  it('are given to no more names than a wall distinguishes', () => {
    const slots = assignSlots(new Map(), ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
    expect(SLOTS).toBe(6)
    expect(slots.has('f')).toBe(true)
    expect(slots.has('g')).toBe(false)
  })
})
