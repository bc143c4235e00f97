import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ESCAPE_STEPS, type EscapeStep, nextEscape } from './escape.ts'

const one = (step: EscapeStep, id = step as string, when?: () => boolean) =>
  when === undefined ? { step, id } : { step, id, when }

describe('what Esc does', () => {
  it('closes what lies on top, then clears a filter, goes back and returns to now, whatever was mounted last', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...ESCAPE_STEPS]), (steps) => {
        let left = steps.map((step) => one(step))
        const order: EscapeStep[] = []
        for (let found = nextEscape(left); found !== undefined; found = nextEscape(left)) {
          order.push(found.step)
          left = left.filter((each) => each !== found)
        }
        expect(order).toEqual(ESCAPE_STEPS.filter((step) => steps.includes(step)))
      }),
    )
  })

  it('takes the one mounted last of two at the same step', () => {
    expect(nextEscape([one('top', 'drawer'), one('top', 'popup'), one('filter')])?.id).toBe('popup')
  })

  it('passes over what has nothing to leave now', () => {
    expect(nextEscape([one('reading', 'figure', () => false), one('filter')])?.id).toBe('filter')
    expect(nextEscape([one('reading', 'figure', () => false)])).toBeUndefined()
  })
})
