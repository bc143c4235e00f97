import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOf } from '../../shared/messages/format.ts'
import { message, said } from '../../shared/messages/message.ts'
import { createSecretRegistry, redactUrl, scrubPatterns } from './redact.ts'

describe('redactUrl', () => {
  it('drops user info, fragments and secret parameters and keeps the rest', () => {
    expect(redactUrl('https://user:hunter22@prom.example:9090/prometheus?token=abc&dedup=true#x')).toBe(
      'https://prom.example:9090/prometheus?token=[hidden]&dedup=true',
    )
  })

  it.each(['key', 'jwt', 'pat', 'code', 'session', 'session_id', 'subscription-key', 'id_jwt'])(
    'hides the parameter %s',
    (name) => {
      expect(redactUrl(`https://a.example/x?${name}=hunter22&keyspace=a`)).toBe(
        `https://a.example/x?${name}=[hidden]&keyspace=a`,
      )
    },
  )

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

  it('finds it in every value of a message, also in messages and lists within', () => {
    const secrets = createSecretRegistry()
    secrets.register('canary-token')
    const told = message('setup.form.exporters.line', {
      line: 1,
      address: ['http://h/?t=canary-token', said('again canary-token')],
      problem: said(Buffer.from('canary-token').toString('base64')),
    })
    const shown = textOf(secrets.scrubMessage(told))
    expect(shown).toBe('Line 1, "http://h/?t=[hidden] and again [hidden]": [hidden]')
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

  it('shows nothing of a token that was cut, however many stood before it', () => {
    const secrets = createSecretRegistry()
    const token = 'tok-0123456789'.repeat(100)
    secrets.register(token)
    const text = `${token} `.repeat(10)
    expect(secrets.scrub(text.slice(0, 7000), 2000)).toBe('[hidden] [hidden]')
  })

  it('takes a secret out of a word that stands for something, unless the secret may be a word itself', () => {
    const secrets = createSecretRegistry()
    secrets.register('sk-canary-4711\n')
    secrets.register('h100')
    expect(
      ['pod-sk-canary-4711-0', 'NVIDIA h100', 'sk-canary'].map((word) => secrets.scrubWord(word)),
    ).toEqual(['pod-[hidden]-0', 'NVIDIA h100', 'sk-canary'])
  })

  it('does not blot out the log for an empty or tiny secret', () => {
    const secrets = createSecretRegistry()
    secrets.register('')
    secrets.register('ab')
    expect(secrets.scrub('about')).toBe('about')
  })
})

describe('scrubPatterns', () => {
  it('hides credentials that were not registered', () => {
    expect(scrubPatterns('sent Authorization: Bearer eyJhbGciOi.J9 to http://u:pw@h/')).toBe(
      'sent Authorization: Bearer [hidden] to http://h/',
    )
  })

  it('hides every part of a password with colons', () => {
    expect(scrubPatterns('http://noc:a:b:c@h/ //:x@h')).toBe('http://h/ //h')
  })

  // A cost that grows with the square of the length takes minutes here, and ends with the test runner's limit.
  it('reads a text of colons once', () => {
    const text = `//${'a:'.repeat(500_000)}`
    expect(scrubPatterns(text)).toBe(text)
  })
})
