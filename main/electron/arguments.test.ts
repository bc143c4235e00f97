import { describe, expect, it } from 'vitest'
import { readShellArguments } from './arguments.ts'

describe('readShellArguments', () => {
  it('reads its own flags among those of Chromium and the application folder', () => {
    expect(
      readShellArguments([
        '.',
        '--no-sandbox',
        '--ozone-platform=x11',
        '--config',
        '/etc/floor.yaml',
        '--demo',
      ]),
    ).toEqual({
      config: '/etc/floor.yaml',
      demo: true,
      engine: null,
    })
  })

  it('starts in setup without any', () => {
    expect(readShellArguments([])).toEqual({ config: null, demo: false, engine: null })
  })

  it('takes the address of a running engine with its token', () => {
    expect(readShellArguments(['--engine', 'http://127.0.0.1:4318/?token=abc']).engine?.port).toBe('4318')
  })

  it.each(['127.0.0.1:4318', 'ftp://127.0.0.1/?token=a', 'nonsense', 'file:///etc/passwd'])(
    'refuses --engine %s',
    (text) => {
      expect(() => readShellArguments(['--engine', text])).toThrow(
        'expected the address that `floorwatch serve` printed',
      )
    },
  )

  it('asks for the whole line when the token is missing', () => {
    expect(() => readShellArguments(['--engine', 'http://127.0.0.1:4318/'])).toThrow('has no token')
  })
})
