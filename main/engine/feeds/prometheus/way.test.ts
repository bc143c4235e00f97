import { describe, expect, it } from 'vitest'
import { emptinessOf } from './way.ts'

describe('a Prometheus that answers', () => {
  it('is no healthy source without current samples', () => {
    expect(emptinessOf(null, 30_000)).toMatchObject({ code: 'empty' })
    expect(emptinessOf(300_000, 30_000)).toMatchObject({
      code: 'old',
      text: expect.stringContaining('5 min old'),
    })
  })

  it('is one with them', () => {
    expect(emptinessOf(30_000, 30_000)).toBeNull()
  })
})
