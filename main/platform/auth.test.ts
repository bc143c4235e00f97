import { describe, expect, it } from 'vitest'
import { allAuth, type Authorise, basicAuth, bearerAuth, confinedAuth, headerAuth, noAuth } from './auth.ts'
import { usedSecrets } from './redact.ts'
import { secretScope } from './secretScope.ts'

function headersOf(authorise: Authorise, to = 'https://source.example/metrics') {
  const headers: Record<string, string> = {}
  authorise(headers, to)
  return headers
}

describe('authorisation', () => {
  it('reads the secret at every request, so that a rotated token is used at once', () => {
    const tokens = ['first\n', 'second']
    const authorise = bearerAuth(() => tokens.shift() ?? '')
    expect(headersOf(authorise)).toEqual({ authorization: 'Bearer first' })
    expect(headersOf(authorise)).toEqual({ authorization: 'Bearer second' })
  })

  it('builds basic credentials in UTF-8', () => {
    const expected = `Basic ${Buffer.from('noc:pässword').toString('base64')}`
    expect(headersOf(basicAuth('noc', () => 'pässword\n'))).toEqual({ authorization: expected })
  })

  it('combines tenant headers with a token', () => {
    const authorise = allAuth(
      headerAuth('X-Scope-OrgID', () => 'floor-a'),
      bearerAuth(() => 't0ken'),
      noAuth,
    )
    expect(headersOf(authorise)).toEqual({ 'x-scope-orgid': 'floor-a', authorization: 'Bearer t0ken' })
  })

  it('adds nothing to a request that goes elsewhere', () => {
    const authorise = confinedAuth(
      bearerAuth(() => 't0ken'),
      secretScope(['https://source.example']),
    )
    expect(headersOf(authorise)).toEqual({ authorization: 'Bearer t0ken' })
    expect(headersOf(authorise, 'https://source.example:8443/metrics')).toEqual({})
    expect(headersOf(authorise, 'http://source.example/metrics')).toEqual({})
    expect(confinedAuth(noAuth, secretScope([]))).toBe(noAuth)
  })

  it('takes the pair of basic credentials out of whatever is logged once it was sent', () => {
    const { authorization = '' } = headersOf(basicAuth('noc', () => 'canary-4711'))
    const pair = authorization.replace('Basic ', '')
    expect(pair.length).toBeGreaterThan(10)
    expect(usedSecrets.scrub(`401 for Basic ${pair} at 10:00`)).toBe('401 for Basic [hidden] at 10:00')
  })

  it('makes headers that a request can carry, however the file of the secret ends', () => {
    for (const ending of ['', '\n', '\r\n', ' \n\n']) {
      for (const authorise of [
        bearerAuth(() => `t0ken${ending}`),
        headerAuth('X-Key', () => `t0ken${ending}`),
        basicAuth('noc', () => `pass${ending}`),
      ]) {
        expect(() => new Headers(headersOf(authorise))).not.toThrow()
        expect(Object.values(headersOf(authorise)).join()).not.toMatch(/\s$/)
      }
    }
  })
})
