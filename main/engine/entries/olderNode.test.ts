import { describe, expect, it } from 'vitest'
import { fillGaps, whyTooOld } from './olderNode.ts'

describe('whyTooOld', () => {
  it.each(['20.18.1', '22.0.0', '24.21.0'])('runs on %s', (version) => {
    expect(whyTooOld(version)).toBeNull()
  })

  it.each(['18.20.0', '20.17.9', 'nonsense'])('says why not on %s', (version) => {
    expect(whyTooOld(version)).toContain(`Node ${version}, and the engine needs 20.18 or newer`)
  })
})

describe('fillGaps', () => {
  it('leaves a Node that has everything as it is', () => {
    const own = globalThis.Float16Array
    fillGaps()
    expect(globalThis.Float16Array).toBe(own)
    expect(new Float16Array([0.1])[0]).not.toBe(Math.fround(0.1))
  })

  it('fills with more precision, never with less', ({ onTestFinished }) => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array')
    onTestFinished(() => {
      if (own !== undefined) Object.defineProperty(globalThis, 'Float16Array', own)
    })
    Reflect.deleteProperty(globalThis, 'Float16Array')
    fillGaps()
    expect(new Float16Array([0.1])[0]).toBe(Math.fround(0.1))
  })
})
