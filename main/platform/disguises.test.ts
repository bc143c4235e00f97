import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretRegistry, scrubPatterns } from './redact.ts'

const TOKEN = 'sk-canary/7+f2"9c\\d1é'
const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
const base64url = (text: string) => Buffer.from(text, 'utf8').toString('base64url')
const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex')
const escaped = (text: string) =>
  text
    .split('')
    .map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')

function scrub(text: string, ...secrets: string[]): string {
  const registry = createSecretRegistry()
  for (const secret of secrets) registry.register(secret)
  return registry.scrub(text)
}

describe('a secret that a server repeats in disguise', () => {
  it.each([
    ['as it is', TOKEN],
    ['in JSON', JSON.stringify(TOKEN).slice(1, -1)],
    ['in JSON inside of JSON inside of JSON', JSON.stringify(JSON.stringify(JSON.stringify(TOKEN)))],
    ['with one letter escaped', TOKEN.replace('y', '\\u0079').replace('"', '\\"').replace('\\d', '\\\\d')],
    ['with every letter escaped', escaped(TOKEN)],
    ['with slashes escaped', TOKEN.replace('\\', '\\\\').replace('/', '\\/')],
    [
      'as bytes of a program',
      TOKEN.split('')
        .map((c) => `\\x${hex(c).slice(-2)}`)
        .join('')
        .replace('\\xa9', '\\u00e9'),
    ],
    ['in an address', encodeURIComponent(TOKEN)],
    [
      'in an address, in small letters',
      encodeURIComponent(TOKEN).toLowerCase().replace('sk-canary', 'sk-canary'),
    ],
    ['in an address, letter by letter', [...Buffer.from(TOKEN)].map((b) => `%${b.toString(16)}`).join('')],
    ['in an address inside of an address', encodeURIComponent(encodeURIComponent(TOKEN))],
    ['in HTML', TOKEN.replace('"', '&quot;').replace('y', '&#121;').replace('/', '&#x2F;')],
    ['in base64', base64(TOKEN)],
    ['in base64 of the header', base64(`Bearer ${TOKEN}`)],
    [
      'in base64 of the whole request',
      base64(`GET / HTTP/1.1\r\nAuthorization: Bearer ${TOKEN}\r\nHost: a\r\n`),
    ],
    ['in base64 of name and password', base64(`noc:${TOKEN}`)],
    ['in base64 for addresses', base64url(`authorization=Bearer ${TOKEN}&x`)],
    ['in base64 broken over lines', base64(`Bearer ${TOKEN}`).replaceAll(/(.{10})/g, '$1\r\n')],
    ['behind characters of two units', `\u{1F600}\u{1F600}${TOKEN}`],
    ['in hexadecimal', hex(TOKEN)],
    ['in hexadecimal of the header', hex(`Bearer ${TOKEN}`).toUpperCase()],
    ['in hexadecimal with colons', hex(TOKEN).replaceAll(/(..)/g, '$1:')],
    ['split by zero-width characters', TOKEN.split('').join('\u200B')],
    ['broken over lines', TOKEN.replace('canary', 'can\n ary')],
  ])('is taken out %s', (_, disguise) => {
    const text = `the proxy said: ${disguise} (refused)`
    const clean = scrub(text, TOKEN)
    expect(clean).toContain('[hidden]')
    expect(clean.startsWith('the proxy said: ')).toBe(true)
    expect(clean.endsWith(' (refused)')).toBe(true)
    expect(clean).not.toContain(disguise.slice(-12))
  })

  it('is taken out wherever it stands in what was encoded', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9._~+/=-]{10,40}$/),
        fc.string({ maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        fc.constantFrom(base64, base64url, hex, encodeURIComponent, (text: string) => JSON.stringify(text)),
        (secret, before, after, encode) => {
          const clean = scrub(`x ${encode(before.toWellFormed() + secret + after.toWellFormed())} y`, secret)
          expect(clean).toContain('[hidden]')
          expect(clean).not.toContain(secret)
        },
      ),
    )
  })

  // A cost that grows with the square of the length takes minutes here, and ends with the test runner's limit.
  it('is taken out of a long run that is full of it, at the cost of one', () => {
    const secret = 'sk-canary-47'
    const run = base64(secret.repeat(20_000))
    expect(scrub(`x ${run} y`, secret)).toBe('x [hidden] y')
    expect(scrub(`x ${run.replaceAll(/(.{76})/g, '$1\n')} y`, secret)).toBe('x [hidden] y')
  })

  it('leaves every other text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(scrub(text, 'never-in-there-4711')).toBe(text)
      }),
    )
  })

  it('leaves a log line JSON', () => {
    const line = JSON.stringify({ msg: `said "${TOKEN}" and ${base64(`Bearer ${TOKEN}`)}`, n: 1 })
    expect(JSON.parse(scrub(line, TOKEN))).toEqual({ msg: 'said "[hidden]" and [hidden]', n: 1 })
  })

  it('is known by its pattern where it was never used here', () => {
    expect(scrubPatterns(`got ${base64('Bearer eyJhbGciOi.J9')} and ${base64('Basic bm9jOnB3')}.`)).toBe(
      'got [hidden] and [hidden].',
    )
  })
})
