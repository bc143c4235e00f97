import { describe, expect, it } from 'vitest'
import { isLoopback } from './origin.ts'

describe('isLoopback', () => {
  it.each(['localhost', '[::1]', '127.0.0.1', '127.8.0.1'])('takes %s for this machine', (hostname) => {
    expect(isLoopback(hostname)).toBe(true)
  })

  it.each(['127.example.net', '127.0.0.1.example.net', '10.0.0.127', '[::2]', ''])(
    'takes %s for another',
    (hostname) => {
      expect(isLoopback(hostname)).toBe(false)
    },
  )
})
