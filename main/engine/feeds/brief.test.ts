import { describe, expect, it } from 'vitest'
import { briefly } from './brief.ts'

describe('briefly', () => {
  it.each([
    ['refused', 'connection refused'],
    ['http-503', 'HTTP 503'],
    ['some-code-to-come', 'see the sources'],
  ])('tells the error %s', (code, text) => {
    expect(briefly({ code })).toBe(text)
  })
})
