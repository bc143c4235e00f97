import { describe, expect, it } from 'vitest'
import { createIdempotency } from './idempotency.ts'
import { ProblemError } from '../http/handler.ts'

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
    const keys = createIdempotency<ReturnType<typeof answer>>(() => 0)
    expect(keys.recall('me', 'k', 'a')).toBeNull()
    keys.keep('me', 'k', 'a', answer('first'))
    expect(keys.recall('me', 'k', 'a')).toEqual(answer('first'))
    expect(refusalOf(() => keys.recall('me', 'k', 'b'))).toBe('idempotency-conflict')
    expect(keys.recall('somebody else', 'k', 'b')).toBeNull()
  })

  it('keeps keys for 24 hours and forgets them then', () => {
    let now = 0
    const keys = createIdempotency<ReturnType<typeof answer>>(() => now)
    keys.keep('me', 'old', 'a', answer('old'))
    now = 12 * HOUR
    keys.keep('me', 'young', 'a', answer('young'))
    now = 24 * HOUR
    expect(keys.recall('me', 'old', 'a')).toEqual(answer('old'))
    now += 1
    expect(keys.recall('me', 'old', 'b')).toBeNull()
    expect(keys.recall('me', 'young', 'a')).toEqual(answer('young'))
  })

  it('refuses new keys rather than breaking a promise', () => {
    let now = 0
    const keys = createIdempotency<ReturnType<typeof answer>>(() => now, 2)
    keys.keep('me', 'a', 'r', answer('a'))
    keys.keep('me', 'b', 'r', answer('b'))
    expect(refusalOf(() => keys.recall('me', 'c', 'r'))).toBe('rate-limited')
    expect(keys.recall('me', 'a', 'r')).toEqual(answer('a'))
    now = 24 * HOUR + 1
    expect(keys.recall('me', 'c', 'r')).toBeNull()
  })

  it('refuses keys without an end', () => {
    const keys = createIdempotency<ReturnType<typeof answer>>(() => 0)
    expect(refusalOf(() => keys.recall('me', '', 'r'))).toBe('invalid-request')
    expect(refusalOf(() => keys.recall('me', 'x'.repeat(256), 'r'))).toBe('invalid-request')
  })
})
