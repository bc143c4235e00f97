import { UsageError } from './usageError.ts'
import { isAbsolute, resolve } from 'node:path'
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { secretReferenceSchema } from '../../shared/contract/console.ts'
import type { SecretUse } from '../engine/types.ts'
import type { LogLevel } from '../platform/logger.ts'
import type { ConformanceArguments } from './conformance/conformance.ts'
import type { PersonRole } from '../../shared/model/person.ts'
import type { UserArguments } from './user.ts'
import type { VerifyArguments } from './verify.ts'
import type { WallArguments } from './wall.ts'

export const COMMANDS = [
  'start',
  'serve',
  'wall',
  'user',
  'verify',
  'demo',
  'check',
  'conformance',
  'schema',
  'version',
] as const
export type CommandName = (typeof COMMANDS)[number]

export interface ServeArguments {
  readonly config: string | null
  readonly demo: boolean
  readonly port: number
  readonly address: string
  /** Further values of the Host header, e.g. of a proxy in front; `https://` before one that is TLS alone. */
  readonly allowedHosts: readonly string[]
  /** Certificate and key, PEM; null: plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly open: boolean
  /** Floorwatch's state folder; null: the person's own. */
  readonly state: string | null
  readonly logLevel: LogLevel
  /** The setup takes changes for a quarter of an hour although a site is configured. */
  readonly allowSetup: boolean
  /** Secrets that the setup may send, and where. */
  readonly allowedSecrets: readonly SecretUse[]
}

export type Invocation =
  | { readonly command: 'help'; readonly topic: CommandName | null }
  | ({ readonly command: 'start'; readonly engine: EngineArguments | null } & ServeArguments)
  | ({ readonly command: 'serve' } & ServeArguments)
  | ({ readonly command: 'wall' } & WallArguments)
  | ({ readonly command: 'user' } & UserArguments)
  | ({ readonly command: 'verify' } & VerifyArguments)
  /** The demo factory reads its own options. */
  | { readonly command: 'demo'; readonly rest: readonly string[] }
  | { readonly command: 'check'; readonly config: string | null }
  | ({ readonly command: 'conformance' } & ConformanceArguments)
  | { readonly command: 'schema' }
  | { readonly command: 'version' }

/** An engine that runs already; the shell reads these words again. */
export interface EngineArguments {
  readonly url: URL
  /** null: the token stands in the address. */
  readonly token: { readonly env: string } | { readonly file: string } | null
  /** PEM of the private authority that signed its certificate. */
  readonly ca: string | null
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const SERVE_OPTIONS = {
  config: { type: 'string' },
  demo: { type: 'boolean' },
  port: { type: 'string' },
  host: { type: 'string' },
  'listen-anywhere': { type: 'boolean' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  'no-open': { type: 'boolean' },
  'log-level': { type: 'string' },
  state: { type: 'string' },
  'allow-setup': { type: 'boolean' },
  'allow-secret': { type: 'string', multiple: true },
} as const satisfies ParseArgsOptionsConfig

/**
 * What the person asked for. The command is the first word; without one it is `start`.
 * @throws UsageError
 */
export function parseArguments(argv: readonly string[]): Invocation {
  const [first] = argv
  const named = first !== undefined && !first.startsWith('-')
  const name = named ? commandOf(first) : 'start'
  const rest = named ? argv.slice(1) : argv
  if (name === 'help') return { command: 'help', topic: topicOf(rest[0]) }
  if (rest.includes('--help') || rest.includes('-h')) return { command: 'help', topic: named ? name : null }
  switch (name) {
    case 'start':
      if (rest.includes('--version')) return { command: 'version' }
      return start(rest)
    case 'serve':
      return { command: 'serve', ...serveArguments(parse(rest, SERVE_OPTIONS, 'serve')) }
    case 'wall':
      return { command: 'wall', ...wallArguments(rest) }
    case 'user':
      return { command: 'user', ...userArguments(rest) }
    case 'verify':
      return { command: 'verify', ...verifyArguments(rest) }
    case 'demo':
      return { command: 'demo', rest }
    case 'check': {
      const values = parse(rest, { config: { type: 'string' } }, 'check')
      return { command: 'check', config: values.config ?? null }
    }
    case 'conformance':
      return { command: 'conformance', ...conformanceArguments(rest) }
    default:
      parse(rest, {}, name)
      return { command: name }
  }
}

function start(rest: readonly string[]): Invocation {
  const values = parse(rest, { ...SERVE_OPTIONS, ...ENGINE_OPTIONS }, 'start')
  const engine = engineArguments(values)
  if (engine !== null && (values.demo === true || values.config !== undefined)) {
    throw new UsageError(
      '--engine attaches to an engine that runs already, so it goes without --demo and --config.',
    )
  }
  return { command: 'start', engine, ...serveArguments(values) }
}

const ENGINE_OPTIONS = {
  engine: { type: 'string' },
  'token-file': { type: 'string' },
  'token-env': { type: 'string' },
  ca: { type: 'string' },
} as const satisfies ParseArgsOptionsConfig

function engineArguments(values: Values<typeof ENGINE_OPTIONS>): EngineArguments | null {
  const { engine, 'token-file': file, 'token-env': env, ca } = values
  if (engine === undefined) {
    if (ca !== undefined) throw new UsageError('--ca is the authority of an engine: name it with --engine.')
    if (file === undefined && env === undefined) return null
    throw new UsageError('--token-file and --token-env tell the token of an engine: name it with --engine.')
  }
  if (file !== undefined && env !== undefined) {
    throw new UsageError('--token-file and --token-env exclude each other: there is one token.')
  }
  const url = URL.parse(engine)
  const inAddress = Boolean(url?.searchParams.get('token'))
  const named = file !== undefined || env !== undefined
  if (url === null || !/^https?:$/.test(url.protocol) || inAddress === named) {
    throw new UsageError(
      '--engine: expected the address of `floorwatch serve`, such as http://127.0.0.1:4318, ' +
        'and its token by --token-file PATH or --token-env NAME; use the "desktop" line that it printed.',
    )
  }
  if (ca !== undefined && url.protocol !== 'https:')
    throw new UsageError('--ca is for an engine whose address begins with https://.')
  return { url, token: env !== undefined ? { env } : file !== undefined ? { file } : null, ca: ca ?? null }
}

const CONFORMANCE_OPTIONS = {
  'token-env': { type: 'string' },
  'token-file': { type: 'string' },
  write: { type: 'string' },
  ca: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig

function conformanceArguments(rest: readonly string[]): ConformanceArguments {
  const [address, ...others] = rest
  const url = address === undefined || address.startsWith('-') ? null : URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new UsageError(
      'conformance: expected the base address first, such as https://metering.example (without /v1 and without a password).',
    )
  }
  const values = parse(others, CONFORMANCE_OPTIONS, 'conformance')
  const { 'token-env': env, 'token-file': file } = values
  if ((env === undefined) === (file === undefined)) {
    throw new UsageError('conformance: name the bearer token by --token-env NAME or by --token-file PATH.')
  }
  return {
    url,
    token: env === undefined ? { file: file ?? '' } : { env },
    write: values.write ?? null,
    json: values.json === true,
    caFile: values.ca ?? null,
  }
}

const WALL_SITE = { config: { type: 'string' }, demo: { type: 'boolean' } } as const
const WALL_OPTIONS = {
  list: {},
  add: { ...WALL_SITE, at: { type: 'string' } },
  revoke: { all: { type: 'boolean' } },
} as const satisfies Record<WallArguments['action'], ParseArgsOptionsConfig>

const MAX_NAME = 80

function wallArguments([action, ...rest]: readonly string[]): WallArguments {
  switch (action) {
    case 'list':
      parse(rest, WALL_OPTIONS.list, 'wall')
      return { action }
    case 'add': {
      const [name, ...others] = rest
      if (name === undefined || name.startsWith('-') || name.trim() === '' || name.length > MAX_NAME) {
        throw new UsageError(
          `wall add: expected a name for the wall first, of at most ${MAX_NAME} characters.`,
        )
      }
      const { config, demo = false, at } = parse(others, WALL_OPTIONS.add, 'wall')
      if (demo && config !== undefined) throw new UsageError('--demo and --config exclude each other.')
      return { action, name, site: { config: config ?? null, demo }, at: wallAddress(at) }
    }
    case 'revoke': {
      const names = rest.filter((word) => !word.startsWith('-'))
      const { all = false } = parse(
        rest.filter((word) => word.startsWith('-')),
        WALL_OPTIONS.revoke,
        'wall',
      )
      if (all === names.length > 0) {
        throw new UsageError('wall revoke: expected ids or names of `floorwatch wall list`, or --all alone.')
      }
      return { action, names, all }
    }
    default:
      throw new UsageError('wall: expected list, add NAME or revoke ID.')
  }
}

function wallAddress(text: string | undefined): URL {
  const url = text === undefined ? null : URL.parse(text)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new UsageError(
    'wall add: expected --at ADDRESS, as the display reaches the console: http://127.0.0.1:4318 or https://noc.example.',
  )
}

const USER_SITE = { ...WALL_SITE, state: { type: 'string' } } as const
const USER_NEW = { ...USER_SITE, name: { type: 'string' }, role: { type: 'string' } } as const

/** As they are typed: hyphens, as everywhere on the command line. */
const ROLE_WORDS: Readonly<Record<string, PersonRole>> = {
  viewer: 'viewer',
  operator: 'operator',
  'on-call': 'onCall',
  administrator: 'administrator',
}

function userArguments([action, ...rest]: readonly string[]): UserArguments {
  if (action === 'list') return { action, site: userSite(parse(rest, USER_SITE, 'user')) }
  const [login, ...others] = rest
  const known = ['add', 'role', 'disable', 'enable', 'password'] as const
  const found = known.find((name) => name === action)
  if (found === undefined || login === undefined || login.startsWith('-'))
    throw new UsageError(`user: expected list, or one of ${known.join(', ')} and a user name.`)
  switch (found) {
    case 'add': {
      const values = parse(others, USER_NEW, 'user')
      return {
        action: found,
        login,
        name: values.name ?? login,
        role: roleOf(values.role ?? 'administrator'),
        site: userSite(values),
      }
    }
    case 'role': {
      const [role = '', ...more] = others
      return { action: found, login, role: roleOf(role), site: userSite(parse(more, USER_SITE, 'user')) }
    }
    default:
      return { action: found, login, site: userSite(parse(others, USER_SITE, 'user')) }
  }
}

function userSite({ config, demo = false, state }: Values<typeof USER_SITE>): UserArguments['site'] {
  if (demo && config !== undefined) throw new UsageError('--demo and --config exclude each other.')
  if (demo && state === undefined)
    throw new UsageError(
      'user: a demo keeps its accounts only where --state FOLDER is named, there and here.',
    )
  return { config: config ?? null, demo, state: state === undefined ? null : resolve(state) }
}

function roleOf(word: string): PersonRole {
  const role = ROLE_WORDS[word]
  if (role !== undefined) return role
  throw new UsageError(
    `user: expected one of the roles ${Object.keys(ROLE_WORDS).join(', ')}, not "${word}".`,
  )
}

function verifyArguments([file, ...rest]: readonly string[]): VerifyArguments {
  if (file === undefined || file.startsWith('-'))
    throw new UsageError(
      'verify: expected an exported audit (.jsonl) or the database of a site (floorwatch.db) first.',
    )
  const values = parse(rest, { head: { type: 'string', multiple: true } }, 'verify')
  return { file, heads: (values.head ?? []).map(headOf) }
}

function headOf(text: string): VerifyArguments['heads'][number] {
  const [, seq, hash = ''] = /^(?:(\d{1,15}):)?([0-9a-f]{64})$/.exec(text.toLowerCase()) ?? []
  if (hash === '')
    throw new UsageError(
      `--head: expected the head as the audit view shows it, NUMBER:HASH or the hash, not "${text}".`,
    )
  return { seq: seq === undefined ? null : Number(seq), hash }
}

type Values<O extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: O }>>['values']

function parse<const O extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: O,
  command: CommandName,
): Values<O> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values
  } catch (error) {
    throw new UsageError(inPlainWords(error, Object.keys(options), command))
  }
}

function inPlainWords(error: unknown, known: readonly string[], command: CommandName): string {
  const text = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : ''
  const option = /'(-[^' ]*)/.exec(text)?.[1] ?? ''
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const list = known.map((name) => `--${name}`).join(', ')
      return `${option} is no option of ${command}. ${list === '' ? 'It has none.' : `It knows ${list}.`}`
    }
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `${command} takes no further words. ${text.split('. ')[0] ?? ''}.`
    default:
      return `${text.split('. ')[0]?.replace(/\.$/, '') ?? text}.`
  }
}

function serveArguments(values: Values<typeof SERVE_OPTIONS>): ServeArguments {
  if (values.demo === true && values.config !== undefined) {
    throw new UsageError(
      '--demo and --config exclude each other: the demo factory brings its own configuration.',
    )
  }
  const tls = tlsOf(values['tls-cert'], values['tls-key'])
  return {
    config: values.config ?? null,
    demo: values.demo === true,
    port: portOf(values.port),
    address: addressOf(values.host, tls !== null || values['listen-anywhere'] === true),
    tls,
    allowedHosts: (values['allow-host'] ?? []).map(allowedHost),
    open: values['no-open'] !== true,
    state: values.state === undefined ? null : resolve(values.state),
    logLevel: logLevelOf(values['log-level']),
    allowSetup: values['allow-setup'] === true,
    allowedSecrets: (values['allow-secret'] ?? []).map(allowedSecret),
  }
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 0
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError(`--port: expected a number from 0 (any free one) to 65535, not "${text}".`)
}

function tlsOf(cert: string | undefined, key: string | undefined): ServeArguments['tls'] {
  if (cert === undefined && key === undefined) return null
  if (cert !== undefined && key !== undefined) return { cert: resolve(cert), key: resolve(key) }
  throw new UsageError(
    '--tls-cert and --tls-key go together: the certificate (with its chain) and its key, both PEM.',
  )
}

function addressOf(text: string | undefined, anywhere: boolean): string {
  const address = text === 'localhost' || text === undefined ? '127.0.0.1' : text
  if (address === '127.0.0.1' || address === '::1' || anywhere) return address
  throw new UsageError(
    `--host ${address}: others could reach the console there, and its traffic is not encrypted. ` +
      'Give it a certificate with --tls-cert and --tls-key, or put a proxy with TLS in front of the loopback address and ' +
      'name it with --allow-host, or add --listen-anywhere where the network itself is trusted.',
  )
}

function allowedHost(text: string): string {
  if (/^(?:https:\/\/)?(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i.test(text))
    return text
  throw new UsageError(
    `--allow-host: expected a name such as noc.example, noc.example:8443 or https://noc.example, not "${text}".`,
  )
}

/** `NAME=ORIGIN` of an environment variable, `/PATH=ORIGIN` of a file. */
function allowedSecret(text: string): SecretUse {
  const [, secret = '', address = ''] = /^(.+?)=(https?:\/\/.+)$/.exec(text) ?? []
  const url = URL.parse(address)
  const reference = isAbsolute(secret) ? { file: secret } : { env: secret }
  if (url !== null && secretReferenceSchema.safeParse(reference).success)
    return { reference, origin: url.origin }
  throw new UsageError(
    `--allow-secret: expected the name of a variable or the whole path of a file, "=" and an address, such as PROM_TOKEN=https://prometheus.example, not "${text}".`,
  )
}

function logLevelOf(text: string | undefined): LogLevel {
  const level = LOG_LEVELS.find((known) => known === (text ?? 'warn'))
  if (level !== undefined) return level
  throw new UsageError(`--log-level: expected one of ${LOG_LEVELS.join(', ')}, not "${text}".`)
}

function commandOf(word: string): CommandName | 'help' {
  if (word === 'help') return 'help'
  const command = COMMANDS.find((known) => known === word)
  if (command !== undefined) return command
  throw new UsageError(`There is no command "${word.slice(0, 40)}". There are ${COMMANDS.join(', ')}.`)
}

function topicOf(word: string | undefined): CommandName | null {
  if (word === undefined) return null
  const command = commandOf(word)
  return command === 'help' ? null : command
}
