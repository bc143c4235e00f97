import { describe, expect, it } from 'vitest'
import { createDrawLoop } from './loop.ts'

function manual() {
  let waiting: ((now: number) => void) | null = null
  let asked = 0
  return {
    asked: () => asked,
    clock: {
      request(callback: (now: number) => void) {
        asked++
        waiting = callback
        return asked
      },
      cancel: () => (waiting = null),
    },
    frame: () => {
      const callback = waiting
      waiting = null
      callback?.(0)
    },
  }
}

describe('the draw loop', () => {
  it('paints what is dirty once, in order, and asks for nothing at rest', () => {
    const { clock, frame, asked } = manual()
    const loop = createDrawLoop(clock)
    const painted: string[] = []
    const a = loop.layer(() => painted.push('a'))
    const b = loop.layer(() => painted.push('b'))
    b.invalidate()
    a.invalidate()
    a.invalidate()
    frame()
    expect(painted).toEqual(['a', 'b'])
    frame()
    expect(painted).toHaveLength(2)
    expect(asked()).toBe(1)
  })

  it('lets a layer ask again while it is painted, for the frame after', () => {
    const { clock, frame } = manual()
    const loop = createDrawLoop(clock)
    let count = 0
    const layer = loop.layer(() => {
      count++
      if (count < 3) layer.invalidate()
    })
    layer.invalidate()
    for (let i = 0; i < 6; i++) frame()
    expect(count).toBe(3)
  })

  it('paints nothing any more once stopped', () => {
    const { clock, frame } = manual()
    const loop = createDrawLoop(clock)
    let count = 0
    const layer = loop.layer(() => count++)
    layer.invalidate()
    loop.stop()
    frame()
    expect(count).toBe(0)
  })

  it('paints a later layer in the very frame in which an earlier one dirtied it, and then rests', () => {
    const { clock, frame } = manual()
    let rested = 0
    const loop = createDrawLoop({ ...clock, cancel: () => (rested++, clock.cancel()) })
    const painted: string[] = []
    const first = loop.layer(() => {
      painted.push('first')
      second.invalidate()
    })
    const second = loop.layer(() => painted.push('second'))
    first.invalidate()
    frame()
    frame()
    expect(painted).toEqual(['first', 'second'])
    expect(rested).toBe(1)
  })
})
