import { parseArgs } from 'node:util'

/** How the demo factory is asked for; the same words on the command line and in `launchDemo`. */
export interface DemoOptions {
  readonly seed: number
  readonly hosts: number
  /** GPUs on each host. */
  readonly gpus: number
  /** Simulated seconds per second. */
  readonly speed: number
  /** Local time of day at the start, or null for the present. */
  readonly start: { readonly hour: number; readonly minute: number } | null
  readonly timezone: string
  /** In the words of `parseFaultSwitches`. */
  readonly faults: string
  /** Where the files go; null for a temporary folder that goes away at the end. */
  readonly dir: string | null
  /** How often the exporters collect, ms; the factory moves on in these steps. */
  readonly collectMs: number
  readonly counters: 'standard' | 'extended'
  readonly gzip: boolean
  /** A100 hosts with MIG instances; null for a quarter of them. */
  readonly mig: number | null
  /** Address of a Prometheus that scrapes the demo, for floorwatch.yaml. */
  readonly prometheus: string | null
  /** Hold every answer of the Metering API against its contract before it leaves. */
  readonly checkAnswers: boolean
}

/** Something on the command line is not as it should be. The text says what, and what is expected. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** 33 racks of four hosts, eleven on each of three floors: 1,056 GPUs. */
const DEFAULT_HOSTS = 132

export const USAGE = `Usage: demo [options]
  --seed N          world to simulate (1)
  --hosts N         GPU hosts, each with an exporter (${DEFAULT_HOSTS})
  --gpus N          GPUs on each host, 1 to 8 (8)
  --mig N           A100 hosts with MIG instances (a quarter of them)
  --speed X         simulated seconds per second, up to 3600 (1)
  --start HH:MM     local time of day to begin at (now)
  --timezone ZONE   IANA zone of the site (this machine's)
  --faults LIST     names, no-NAME, NAME=TARGET+TARGET, none, all; on top of the defaults
  --collect TIME    how often the exporters collect: 500ms, 1s, 30s (1s)
  --counters SET    standard: dcgm-exporter's own list; extended: also SM activity, clock events, ECC (extended)
  --gzip            compress answers for clients that ask
  --prometheus URL  a Prometheus that scrapes the demo, named in floorwatch.yaml
  --check-answers   hold every answer of the Metering API against its contract
  --dir FOLDER      where floorwatch.yaml, the target lists and prometheus.yml go (a temporary folder); no links
`

/**
 * @throws UsageError naming the option, what it was and what is expected
 */
export function parseDemoArguments(args: readonly string[]): DemoOptions {
  const values = readArguments(args)
  const prometheus = values.prometheus ?? null
  if (prometheus !== null && !isHttpUrl(prometheus)) {
    throw new UsageError(`--prometheus: "${prometheus}" is not an http:// or https:// address.`)
  }
  const counters = values.counters ?? 'extended'
  if (counters !== 'standard' && counters !== 'extended') {
    throw new UsageError(`--counters: expected standard or extended, not "${counters}".`)
  }
  return {
    seed: wholeNumber('seed', values.seed, 1, 0, 0xffff_ffff),
    hosts: wholeNumber('hosts', values.hosts, DEFAULT_HOSTS, 1, 9999),
    gpus: wholeNumber('gpus', values.gpus, 8, 1, 8),
    speed: speed(values.speed),
    start: timeOfDay(values.start),
    timezone: timezone(values.timezone),
    faults: values.faults ?? '',
    dir: values.dir ?? null,
    collectMs: duration(values.collect),
    counters,
    gzip: values.gzip ?? false,
    mig: values.mig === undefined ? null : wholeNumber('mig', values.mig, 0, 0, 9999),
    prometheus,
    checkAnswers: values['check-answers'] ?? false,
  }
}

function readArguments(args: readonly string[]) {
  const text = { type: 'string' } as const
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: false,
      options: {
        seed: text,
        hosts: text,
        gpus: text,
        mig: text,
        speed: text,
        start: text,
        timezone: text,
        faults: text,
        collect: text,
        counters: text,
        gzip: { type: 'boolean' },
        'check-answers': { type: 'boolean' },
        prometheus: text,
        dir: text,
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(
  name: string,
  text: string | undefined,
  initial: number,
  min: number,
  max: number,
): number {
  if (text === undefined) return initial
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new UsageError(`--${name}: expected a whole number from ${min} to ${max}, not "${text}".`)
}

function speed(text: string | undefined): number {
  const value = text === undefined ? 1 : /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value > 0 && value <= 3600) return value
  throw new UsageError(`--speed: expected a number above 0 and up to 3600, not "${text}".`)
}

function timeOfDay(text: string | undefined): DemoOptions['start'] {
  if (text === undefined) return null
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (hour === undefined) throw new UsageError(`--start: expected a time such as 08:30, not "${text}".`)
  return { hour: Number(hour), minute: Number(minute) }
}

function timezone(text: string | undefined): string {
  const zone = text ?? Intl.DateTimeFormat().resolvedOptions().timeZone
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    throw new UsageError(`--timezone: "${zone}" is not an IANA zone such as Europe/Berlin.`)
  }
}

function duration(text: string | undefined): number {
  if (text === undefined) return 1000
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? []
  const ms = Number(amount) * (unit === 's' ? 1000 : 1)
  if (ms >= 100 && ms <= 600_000) return ms
  throw new UsageError(`--collect: expected a duration from 100ms to 600s, not "${text}".`)
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}
