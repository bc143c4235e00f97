import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretRegistry, redactUrl, scrubPatterns } from './redact.ts'

describe('redactUrl', () => {
  it('drops user info, fragments and secret parameters and keeps the rest', () => {
    expect(redactUrl('https://user:hunter22@prom.example:9090/prometheus?token=abc&dedup=true#x')).toBe(
      'https://prom.example:9090/prometheus?token=[hidden]&dedup=true',
    )
  })

  it('shows a bare origin without a trailing slash', () => {
    expect(redactUrl('http://127.0.0.1:9400/')).toBe('http://127.0.0.1:9400')
  })

  it('drops user info even from what is no address', () => {
    expect(redactUrl('http://u:secret@[broken')).toBe('http://[broken')
  })

  it('never lets a password through', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{8,20}$/), (password) => {
        expect(redactUrl(`https://admin:zz${password}zz@example.org/`)).toBe('https://example.org')
      }),
    )
  })
})

describe('SecretRegistry', () => {
  it('finds a secret inside JSON, addresses and basic headers', () => {
    const secrets = createSecretRegistry()
    secrets.register('pa"ss/wörd\n')
    const base64 = Buffer.from('pa"ss/wörd').toString('base64')
    const text = `${JSON.stringify({ a: 'x pa"ss/wörd y' })} ${encodeURIComponent('pa"ss/wörd')} ${base64}`
    expect(secrets.scrub(text)).toBe('{"a":"x [hidden] y"} [hidden] [hidden]')
  })

  it('hides the longer secret first, so that no tail of it is left', () => {
    const secrets = createSecretRegistry()
    secrets.register('canary')
    secrets.register('canary-long-tail')
    expect(secrets.scrub('canary-long-tail canary')).toBe('[hidden] [hidden]')
  })

  it('remembers the newest secrets of a token that rotates', () => {
    const secrets = createSecretRegistry()
    for (let i = 1000; i < 2000; i++) secrets.register(`token-${i}`)
    expect(secrets.scrub('token-1999 token-1000')).toBe('[hidden] token-1000')
  })

  it('does not blot out the log for an empty or tiny secret', () => {
    const secrets = createSecretRegistry()
    secrets.register('')
    secrets.register('ab')
    expect(secrets.scrub('about')).toBe('about')
  })
})

describe('scrubPatterns', () => {
  it('hides credentials that nobody registered', () => {
    expect(scrubPatterns('sent Authorization: Bearer eyJhbGciOi.J9 to http://u:pw@h/')).toBe(
      'sent Authorization: Bearer [hidden] to http://h/',
    )
  })
})
