import pino, { type DestinationStream, type Level, type Logger as PinoLogger } from 'pino'
import { type Clock, systemClock } from './clock.ts'
import { LogBudget } from './logBudget.ts'
import { scrubPatterns, type SecretRegistry, usedSecrets } from './redact.ts'

export type Logger = PinoLogger
export type LogLevel = Level | 'silent'

export interface LoggerOptions {
  /** `silent` under a test runner, else `info`, where none is given. */
  readonly level?: LogLevel
  /** Their values are taken out of every line, wherever they stand in it: all that were used, where none is given. */
  readonly secrets?: SecretRegistry
  /** The system's where none is given. */
  readonly clock?: Clock
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

const FATAL = pino.levels.values['fatal'] ?? 60

/**
 * JSON lines on standard error, as many of one kind as a person can read (see {@link LogBudget}). Three nets against secrets: known keys, registered values, and anything that looks
 * like an authorisation header or user info in an address.
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const secrets = options.secrets ?? usedSecrets
  const budget = new LogBudget(options.clock ?? systemClock)
  return pino(
    {
      level: options.level ?? (process.env['VITEST'] === undefined ? 'info' : 'silent'),
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: REDACTED_PATHS, censor: '[hidden]' },
      hooks: {
        streamWrite: (line) => scrubPatterns(secrets.scrub(line)),
        logMethod(args, method, level) {
          // Last words are never held back.
          if (level >= FATAL) return method.apply(this, args)
          budget.note(level, messageOf(args), (hidden) => method.apply(this, withCount(args, hidden)))
        },
      },
    },
    options.destination ?? pino.destination({ fd: 2, sync: true }),
  )
}

type LogArguments = Parameters<pino.LogFn>

/** The words of a line, whichever way they were given. */
function messageOf([first, second]: readonly unknown[]): string {
  if (typeof first === 'string') return first
  if (typeof second === 'string') return second
  return first instanceof Error ? first.message : ''
}

/** `repeats`: lines like this one that were not written. */
function withCount(args: LogArguments, hidden: number): LogArguments {
  if (hidden === 0) return args
  const [first, ...rest] = args as unknown[]
  if (first instanceof Error) return [{ err: first, repeats: hidden }, first.message]
  const counted =
    typeof first === 'object' && first !== null ? { ...first, repeats: hidden } : { repeats: hidden }
  return [counted, ...(typeof first === 'string' ? [first] : []), ...rest] as LogArguments
}
