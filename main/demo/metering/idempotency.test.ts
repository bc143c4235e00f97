import { describe, expect, it } from 'vitest'
import { createIdempotency } from './idempotency.ts'
import { ProblemError } from './handler.ts'

const HOUR = 3_600_000
const answer = (text: string) => ({ body: { text }, etag: '"1"' })

function refusalOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof ProblemError) return error.type
    throw error
  }
  return 'none'
}

describe('createIdempotency', () => {
  it('says the same again for the same request, and refuses another one', () => {
    const keys = createIdempotency(() => 0)
    expect(keys.recall('k', 'a')).toBeNull()
    keys.keep('k', 'a', answer('first'))
    expect(keys.recall('k', 'a')).toEqual(answer('first'))
    expect(refusalOf(() => keys.recall('k', 'b'))).toBe('idempotency-conflict')
  })

  it('keeps keys for 24 hours and forgets them then', () => {
    let now = 0
    const keys = createIdempotency(() => now)
    keys.keep('old', 'a', answer('old'))
    now = 12 * HOUR
    keys.keep('young', 'a', answer('young'))
    now = 24 * HOUR
    expect(keys.recall('old', 'a')).toEqual(answer('old'))
    now += 1
    expect(keys.recall('old', 'b')).toBeNull()
    expect(keys.recall('young', 'a')).toEqual(answer('young'))
  })

  it('refuses new keys rather than breaking a promise', () => {
    let now = 0
    const keys = createIdempotency(() => now, 2)
    keys.keep('a', 'r', answer('a'))
    keys.keep('b', 'r', answer('b'))
    expect(refusalOf(() => keys.recall('c', 'r'))).toBe('rate-limited')
    expect(keys.recall('a', 'r')).toEqual(answer('a'))
    now = 24 * HOUR + 1
    expect(keys.recall('c', 'r')).toBeNull()
  })

  it('refuses keys without an end', () => {
    const keys = createIdempotency(() => 0)
    expect(refusalOf(() => keys.recall('', 'r'))).toBe('invalid-request')
    expect(refusalOf(() => keys.recall('x'.repeat(256), 'r'))).toBe('invalid-request')
  })
})
