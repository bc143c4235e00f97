import { describe, expect, it } from 'vitest'
import { createLogger } from './logger.ts'
import { createSecretRegistry } from './redact.ts'

function capture() {
  const lines: string[] = []
  return { lines, destination: { write: (line: string) => void lines.push(line) } }
}

describe('createLogger', () => {
  it('lets no canary through, by key, by value, or inside a message', () => {
    const { lines, destination } = capture()
    const secrets = createSecretRegistry()
    secrets.register('canary-4711')
    const log = createLogger({ level: 'trace', secrets, destination })
    log.info({ headers: { authorization: 'Bearer other-token', cookie: 'sid=cookie-value' } }, 'asked')
    log.warn({ a: { b: { password: 'deep-password' } }, token: 'top-token' }, 'again')
    log.error(new Error('refused http://admin:url-password@h/ with canary-4711'))
    const all = lines.join('')
    for (const secret of [
      'other-token',
      'cookie-value',
      'deep-password',
      'top-token',
      'url-password',
      'canary-4711',
    ]) {
      expect(all).not.toContain(secret)
    }
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'asked',
      'again',
      'refused http://h/ with [hidden]',
    ])
  })

  it('is silent under the test runner unless told otherwise', () => {
    const { lines, destination } = capture()
    createLogger({ destination }).fatal('nobody reads this')
    expect(lines).toEqual([])
  })
})
