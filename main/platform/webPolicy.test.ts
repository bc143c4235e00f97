import { describe, expect, it } from 'vitest'
import { CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from './webPolicy.ts'

const directives = new Map(
  CONTENT_SECURITY_POLICY.split('; ').map((directive) => {
    const [name = '', ...sources] = directive.split(' ')
    return [name, sources] as const
  }),
)

describe('the web policy', () => {
  it('starts from nothing and allows the own origin alone', () => {
    expect(directives.get('default-src')).toEqual(["'none'"])
    for (const name of ['script-src', 'style-src', 'connect-src', 'font-src', 'worker-src']) {
      expect(directives.get(name)).toEqual(["'self'"])
    }
    for (const name of ['frame-ancestors', 'base-uri', 'form-action']) {
      expect(directives.get(name)).toEqual(["'none'"])
    }
  })

  it('has no way in for inline code, eval, foreign hosts or wildcards', () => {
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|\*|blob:|nonce|strict-dynamic/)
    for (const [name, sources] of directives) {
      expect(name === 'img-src' || !sources.includes('data:')).toBe(true)
    }
  })

  it('is sent with its companions', () => {
    expect(SECURITY_HEADERS).toMatchObject({
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
  })
})
