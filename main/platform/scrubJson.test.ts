import { describe, expect, it } from 'vitest'
import { createSecretRegistry } from './redact.ts'
import { scrubJson } from './scrubJson.ts'

const secrets = createSecretRegistry()
secrets.register('sk-canary-4711')
secrets.register('short')
const read = (text: string) => scrubJson(JSON.parse(text), text, secrets)

describe('JSON of a server', () => {
  it('loses our secrets in names and texts, however deep', () => {
    expect(
      read('{"a sk-canary-4711":[{"n":1,"t":"x sk-canary-4711 y","u":null,"in":{"k":["sk-canary-4711"]}}]}'),
    ).toEqual({ 'a [hidden]': [{ n: 1, t: 'x [hidden] y', u: null, in: { k: ['[hidden]'] } }] })
    expect(read('"sk-canary-4711"')).toBe('[hidden]')
  })

  it.each([
    ['escaped', String.raw`{"t":"sk\u002dcanary-4711"}`],
    ['in base64', JSON.stringify({ t: Buffer.from('Bearer sk-canary-4711').toString('base64') })],
    [
      'in base64 with something before it',
      JSON.stringify({ t: Buffer.from('k=sk-canary-4711').toString('base64') }),
    ],
    ['in hexadecimal', JSON.stringify({ t: Buffer.from('sk-canary-4711').toString('hex').toUpperCase() })],
  ])('also %s', (_, text) => {
    expect(read(text)).toEqual({ t: '[hidden]' })
  })

  it('keeps everything else, short passwords that are words included', () => {
    const text = '{"a":["short",1.5,true,null,{"__proto__":"x"}],"b":"sk-canary"}'
    const value = JSON.parse(text) as unknown
    expect(scrubJson(value, text, secrets)).toBe(value)
    expect(value).toEqual(JSON.parse(text))
  })

  it('is no matter of the stack', () => {
    let value = read(`${'['.repeat(5000)}"sk-canary-4711"${']'.repeat(5000)}`)
    while (Array.isArray(value)) value = value[0] as unknown
    expect(value).toBe('[hidden]')
  })
})
