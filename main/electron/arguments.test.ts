import { describe, expect, it } from 'vitest'
import type { LocatePlaces } from '../config/locate.ts'
import { readStartRequest, startRequestSchema, tokenOnCommandLine, windowKey } from './arguments.ts'

const places: LocatePlaces = { env: {}, platform: 'linux', home: '/home/op', cwd: '/srv/none' }
const read = (...argv: string[]) => readStartRequest(argv, places)

describe('readStartRequest', () => {
  it('reads its own flags among those of Chromium and the application folder', () => {
    expect(read('.', '--no-sandbox', '--ozone-platform=x11', '--config', 'floor.yaml')).toEqual({
      config: '/srv/none/floor.yaml',
      demo: false,
      engine: null,
    })
  })

  it('starts in setup without any', () => {
    expect(read()).toEqual({ config: null, demo: false, engine: null })
  })

  it('connects to the demo and to nothing else, whatever the environment names', () => {
    const named = { ...places, env: { FLOORWATCH_CONFIG: '/etc/floor.yaml' } }
    expect(readStartRequest(['--demo'], named)).toEqual({ config: null, demo: true, engine: null })
    expect(readStartRequest([], named).config).toBe('/etc/floor.yaml')
  })

  it('opens the setup of a site on request', () => {
    expect(read('--allow-setup', '--config', 'a.yaml')).toMatchObject({ allowSetup: true })
    expect(read('--config', 'a.yaml')).not.toHaveProperty('allowSetup')
  })

  it('takes the address of a running engine with its token', () => {
    expect(read('--engine', 'http://127.0.0.1:4318/?token=abc').engine).toBe(
      'http://127.0.0.1:4318/?token=abc',
    )
  })

  it('takes the token from a file or the environment', () => {
    const engine = 'http://127.0.0.1:4318/'
    expect(read('--engine', engine, '--token-file', 'a/token')).toMatchObject({
      engine,
      tokenFile: '/srv/none/a/token',
    })
    const env = { FW: 'from-the-environment' }
    const named = readStartRequest(['--engine', engine, '--token-env', 'FW'], { ...places, env })
    expect(named).toMatchObject({ engine: `${engine}?token=from-the-environment` })
    expect(() => read('--engine', engine, '--token-env', 'FW')).toThrow('FW is not set')
    expect(() => read('--engine', `${engine}?token=a`, '--token-file', 'b')).toThrow('a token already')
    expect(() => read('--engine', engine, '--token-file', 'b', '--token-env', 'FW')).toThrow('exclude')
    expect(() => read('--token-file', 'b')).toThrow('go with --engine')
  })

  it('knows a token that stands on the command line', () => {
    const told = 'http://127.0.0.1:4318/?token=abc'
    expect(tokenOnCommandLine(['--engine', told])).toBe(true)
    expect(tokenOnCommandLine([`--engine=${told}`])).toBe(true)
    expect(tokenOnCommandLine(['--engine', 'http://127.0.0.1:4318', '--token-file', 'x'])).toBe(false)
  })

  it.each(['127.0.0.1:4318', 'ftp://127.0.0.1/?token=a', 'nonsense', 'file:///etc/passwd'])(
    'refuses --engine %s',
    (text) => {
      expect(() => read('--engine', text)).toThrow('expected the address of `floorwatch serve`')
    },
  )

  it.each([['--engine'], ['--config'], ['--config', '--no-sandbox'], ['--engine', '']])(
    'misses the value of %j',
    (...argv) => {
      expect(() => read(...argv)).toThrow('expected the')
    },
  )

  it('asks for the whole line when the token is missing', () => {
    expect(() => read('--engine', 'http://127.0.0.1:4318/')).toThrow('has no token')
  })

  it('shows one floor in a window', () => {
    expect(() => read('--demo', '--config', 'a.yaml')).toThrow('exclude each other')
  })
})

describe('windowKey', () => {
  const key = (...argv: string[]) => windowKey(read(...argv), places)

  it('is the same for the same floor', () => {
    expect(key('--engine', 'http://127.0.0.1:4318/?token=b')).toBe(
      key('--engine', 'http://127.0.0.1:4318/?token=a'),
    )
    expect(key()).toBe(key('--config', '/home/op/.config/floorwatch/floorwatch.yaml'))
    expect(key('--config', './a.yaml')).toBe(key('--config', '/srv/none/a.yaml'))
  })

  it('is another for another floor', () => {
    const keys = [
      key(),
      key('--demo'),
      key('--config', 'a.yaml'),
      key('--engine', 'http://127.0.0.1:4318/?token=a'),
      key('--engine', 'http://127.0.0.1:4319/?token=a'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('startRequestSchema', () => {
  it('reads back what it describes, and nothing else', () => {
    const request = read('--engine', 'http://127.0.0.1:4318/?token=abc')
    expect(startRequestSchema.parse(JSON.parse(JSON.stringify(request)))).toEqual(request)
    for (const foreign of [null, {}, { ...request, engine: 'file:///etc/passwd' }, { ...request, run: 'x' }])
      expect(startRequestSchema.safeParse(foreign).success).toBe(false)
  })
})
