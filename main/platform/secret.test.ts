import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { basicAuth } from './auth.ts'
import { SourceFailure } from './failure.ts'
import { createLogger } from './logger.ts'
import { Secret } from './secret.ts'

describe('a secret', () => {
  it('prints as a placeholder wherever it ends up', () => {
    const secret = new Secret('file /t', () => 'canary-print')
    expect(
      `${String(secret)} ${JSON.stringify({ secret })} ${inspect({ secret }, { showHidden: true })}`,
    ).not.toContain('canary')
  })

  it('is taken out of what a server says once it was used', () => {
    const token = new Secret('environment variable T', () => 'canary-token')
    const said = () =>
      new SourceFailure({ code: 'http-401', text: `HTTP 401 ("bad token ${token.reveal()}")`, nextStep: '' })
    expect(said().failure.text).toBe('HTTP 401 ("bad token [hidden]")')
    expect(said().message).not.toContain('canary')
  })

  it('is taken out as the pair that a basic header carries', () => {
    const password = new Secret('file /p', () => 'canary-word')
    const headers: Record<string, string> = {}
    basicAuth('me', () => password.reveal())(headers, 'https://source.example/')
    const { failure } = new SourceFailure({
      code: 'x',
      text: `got ${headers['authorization']}`,
      nextStep: '',
    })
    expect(failure.text).toBe('got Basic [hidden]')
  })

  it('is taken out of the log', () => {
    const lines: string[] = []
    const logger = createLogger({ level: 'trace', destination: { write: (line) => void lines.push(line) } })
    logger.info(
      { said: `your token ${new Secret('file /l', () => 'canary-log').reveal()}` },
      'a source answered',
    )
    expect(lines.join('')).toContain('your token [hidden]')
  })
})
