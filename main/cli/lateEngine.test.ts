import { describe, expect, it } from 'vitest'
import { inProcessWire } from '../engine/session/inProcessWire.ts'
import { lateEngine } from './lateEngine.ts'

describe('an engine to come', () => {
  it('lets screens wait, in order, and forgets those that left', async () => {
    const late = lateEngine()
    const [first, second, third] = [inProcessWire(), inProcessWire(), inProcessWire()]
    late.attach(first.engineEnd, 'console')
    late.attach(second.engineEnd, 'console')
    second.screenEnd.close()
    await Promise.resolve()

    const attached: [unknown, string][] = []
    late.use({ attach: (wire, role) => void attached.push([wire, role]) })
    late.attach(third.engineEnd, 'wall')
    expect(attached).toEqual([
      [first.engineEnd, 'console'],
      [third.engineEnd, 'wall'],
    ])
  })
})
