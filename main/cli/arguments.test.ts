import { describe, expect, it } from 'vitest'
import { parseArguments } from './arguments.ts'
import { UsageError } from './usageError.ts'

describe('the command line', () => {
  it('starts without any word', () => {
    expect(parseArguments([])).toEqual({
      command: 'start',
      engine: null,
      config: null,
      demo: false,
      port: 0,
      state: null,
      address: '127.0.0.1',
      allowedHosts: [],
      tls: null,
      open: true,
      logLevel: 'warn',
      allowSetup: false,
      allowedSecrets: [],
    })
  })

  it.each([
    [['--demo'], { command: 'start', demo: true }],
    [['--config', 'x.yaml'], { command: 'start', config: 'x.yaml' }],
    [['start', '--no-open', '--port', '4318'], { command: 'start', open: false, port: 4318 }],
    [['serve', '--host', '::1'], { command: 'serve', address: '::1' }],
    [['serve', '--host', 'localhost'], { command: 'serve', address: '127.0.0.1' }],
    [['serve', '--host', '0.0.0.0', '--listen-anywhere'], { command: 'serve', address: '0.0.0.0' }],
    [
      ['serve', '--allow-host', 'https://noc.example', '--allow-host', 'b:1'],
      { allowedHosts: ['https://noc.example', 'b:1'] },
    ],
    [
      ['serve', '--host', '0.0.0.0', '--tls-cert', '/c.pem', '--tls-key', '/k.pem'],
      { address: '0.0.0.0', tls: { cert: '/c.pem', key: '/k.pem' } },
    ],
    [
      ['--engine', 'https://noc.example:4318', '--token-env', 'T', '--ca', 'ca.pem'],
      { engine: { url: new URL('https://noc.example:4318'), token: { env: 'T' }, ca: 'ca.pem' } },
    ],
    [['user', 'list'], { command: 'user', action: 'list', site: { config: null, demo: false, state: null } }],
    [
      ['user', 'add', 'ana', '--name', 'Ana Lima', '--role', 'on-call', '--config', 'x.yaml'],
      {
        command: 'user',
        action: 'add',
        login: 'ana',
        name: 'Ana Lima',
        role: 'onCall',
        site: { config: 'x.yaml' },
      },
    ],
    [['user', 'role', 'ana', 'viewer'], { command: 'user', action: 'role', login: 'ana', role: 'viewer' }],
    [
      ['user', 'password', 'ana', '--demo', '--state', '/s'],
      { action: 'password', site: { demo: true, state: '/s' } },
    ],
    [['verify', 'audit.jsonl'], { command: 'verify', file: 'audit.jsonl', heads: [] }],
    [
      ['verify', 'floorwatch.db', '--head', `7:${'a'.repeat(64)}`, '--head', 'b'.repeat(64)],
      {
        heads: [
          { seq: 7, hash: 'a'.repeat(64) },
          { seq: null, hash: 'b'.repeat(64) },
        ],
      },
    ],
    [['serve', '--allow-setup'], { allowSetup: true }],
    [
      ['--allow-secret', 'PROM_TOKEN=https://p.example/x', '--allow-secret', '/etc/a=b=http://p:9090'],
      {
        allowedSecrets: [
          { reference: { env: 'PROM_TOKEN' }, origin: 'https://p.example' },
          { reference: { file: '/etc/a=b' }, origin: 'http://p:9090' },
        ],
      },
    ],
    [['check', '--config', 'x.yaml'], { command: 'check', config: 'x.yaml' }],
    [
      ['demo', '--seed', '7', '--faults', 'none'],
      { command: 'demo', rest: ['--seed', '7', '--faults', 'none'] },
    ],
    [
      ['conformance', 'https://metering.example', '--token-env', 'TOKEN', '--write', 'acme'],
      { command: 'conformance', token: { env: 'TOKEN' }, write: 'acme', json: false, caFile: null },
    ],
    [['schema'], { command: 'schema' }],
    [['version'], { command: 'version' }],
    [['--version'], { command: 'version' }],
    [['--help'], { command: 'help', topic: null }],
    [['help'], { command: 'help', topic: null }],
    [['help', 'check'], { command: 'help', topic: 'check' }],
    [['demo', '--help'], { command: 'help', topic: 'demo' }],
    [['serve', '-h'], { command: 'help', topic: 'serve' }],
  ])('reads %j', (words, expected) => {
    expect(parseArguments(words)).toMatchObject(expected)
  })

  it('takes the address of a running engine with its token', () => {
    const invocation = parseArguments(['--engine', 'http://127.0.0.1:4318/?token=abc'])
    expect(invocation.command === 'start' && invocation.engine?.url.port).toBe('4318')
    const engine = ['--engine', 'http://127.0.0.1:4318']
    expect(parseArguments([...engine, '--token-file', 'x'])).toMatchObject({
      engine: { token: { file: 'x' } },
    })
    expect(parseArguments([...engine, '--token-env', 'X'])).toMatchObject({ engine: { token: { env: 'X' } } })
  })

  it.each([
    [['wall', 'list'], { action: 'list' }],
    [
      ['wall', 'add', 'lobby', '--at', 'https://noc.example', '--demo'],
      { action: 'add', name: 'lobby', site: { config: null, demo: true } },
    ],
    [['wall', 'revoke', 'a', 'b'], { action: 'revoke', names: ['a', 'b'], all: false }],
    [['wall', 'revoke', '--all'], { action: 'revoke', names: [], all: true }],
  ])('reads %j', (words, expected) => {
    expect(parseArguments(words)).toMatchObject({ command: 'wall', ...expected })
  })

  it.each([
    [
      ['strat'],
      'There is no command "strat". There are start, serve, wall, user, verify, demo, check, conformance, schema, version.',
    ],
    [['--cofig', 'x'], /^--cofig is no option of start\. It knows --config, --demo,/],
    [['schema', '--pretty'], '--pretty is no option of schema. It has none.'],
    [['serve', 'now'], /^serve takes no further words/],
    [['--config'], /--config/],
    [['--config', '--demo'], /--config/],
    [['--demo=yes'], /--demo/],
    [['--demo', '--config', 'x'], /exclude each other/],
    [['--engine', 'http://h/?token=a', '--demo'], /goes without --demo/],
    [['--engine', 'http://h/'], /--token-file PATH or --token-env NAME/],
    [['--engine', 'ws://h/?token=a'], /expected the address of/],
    [['--engine', 'http://h/?token=a', '--token-file', 'x'], /expected the address of/],
    [['--engine', 'http://h/', '--token-file', 'x', '--token-env', 'Y'], /exclude each other/],
    [['--token-file', 'x'], /name it with --engine/],
    [['wall'], /expected list, add NAME or revoke ID/],
    [['wall', 'add'], /expected a name/],
    [['wall', 'add', 'x'.repeat(81), '--at', 'http://h'], /at most 80/],
    [['wall', 'add', 'lobby'], /expected --at ADDRESS/],
    [['wall', 'add', 'lobby', '--at', 'noc'], /expected --at ADDRESS/],
    [['wall', 'revoke'], /expected ids or names/],
    [['wall', 'revoke', 'a', '--all'], /expected ids or names/],
    [['--port', '65536'], /0 \(any free one\) to 65535, not "65536"/],
    [['--port', '-1'], /--port/],
    [['--port', '1e3'], /not "1e3"/],
    [['--host', '0.0.0.0'], /not encrypted/],
    [['--host', '127.0.0.1.evil.example'], /not encrypted/],
    [['--allow-host', 'http://x'], /expected a name/],
    [['--allow-secret', 'PROM_TOKEN'], /whole path of a file/],
    [['--allow-secret', 'a-b=https://p.example'], /expected the name of a variable/],
    [['--allow-secret', 'token/x=https://p.example'], /expected the name of a variable/],
    [['--allow-secret', 'PROM_TOKEN=ftp://p.example'], /expected the name of a variable/],
    [['--log-level', 'loud'], /expected one of trace/],
    [['conformance'], /expected the base address first/],
    [['conformance', 'https://me:pw@metering.example', '--token-env', 'T'], /without a password/],
    [['conformance', 'https://metering.example'], /--token-env NAME or by --token-file PATH/],
  ])('refuses %j in words', (words, text) => {
    expect(() => parseArguments(words)).toThrow(UsageError)
    expect(() => parseArguments(words)).toThrow(text)
  })
})
