import { afterEach, describe, expect, it } from 'vitest'
import { asRgb, readColours } from './colours.ts'

afterEach(() => document.documentElement.removeAttribute('style'))

describe('colours for canvases', () => {
  it('are values: a name of the system is looked up, and everything else is taken as it stands', () => {
    const root = document.documentElement.style
    root.setProperty('--ground', ' #14171b ')
    root.setProperty('--text', 'CanvasText')
    const before = document.documentElement.childElementCount
    const { ground, text } = readColours()
    expect(ground).toBe('#14171b')
    expect(text).not.toBe('')
    expect(asRgb('color(srgb 1 0.5 0)')).toBe('rgb(255, 128, 0)')
    expect(asRgb('rgb(1, 2, 3)')).toBe('rgb(1, 2, 3)')
    // What was put into the page to look it up is gone.
    expect(document.documentElement.childElementCount).toBe(before)
  })
})
