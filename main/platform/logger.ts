import pino, { type DestinationStream, type Level, type Logger as PinoLogger } from 'pino'
import { scrubPatterns, type SecretRegistry, usedSecrets } from './redact.ts'

export type Logger = PinoLogger
export type LogLevel = Level | 'silent'

export interface LoggerOptions {
  /** `silent` under a test runner, else `info`, where none is given. */
  readonly level?: LogLevel
  /** Their values are taken out of every line, wherever they stand in it: all that were used, where none is given. */
  readonly secrets?: SecretRegistry
  /** Standard error where none is given. */
  readonly destination?: DestinationStream
}

const SECRET_KEYS = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'bearer',
  'password',
  'secret',
  'token',
  'apiKey',
  'privateKey',
]

/** At the top, and one and two levels down; deeper objects have no business in a log line. */
const REDACTED_PATHS = SECRET_KEYS.flatMap((key) =>
  ['', '*', '*.*'].map((above) => (above === '' ? `["${key}"]` : `${above}["${key}"]`)),
)

/**
 * JSON lines on standard error. Three nets against secrets: known keys, registered values, and anything that looks
 * like an authorisation header or user info in an address.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const secrets = options.secrets ?? usedSecrets
  return pino(
    {
      level: options.level ?? (process.env['VITEST'] === undefined ? 'info' : 'silent'),
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED_PATHS, censor: '[hidden]' },
      hooks: { streamWrite: (line) => scrubPatterns(secrets.scrub(line)) },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  )
}
