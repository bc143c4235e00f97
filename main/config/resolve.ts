import { isAbsolute, resolve } from 'node:path'
import type { SecretReference } from '../../shared/contract/console.ts'
import { Secret } from '../platform/secret.ts'
import { parseDuration } from './duration.ts'
import type { Reporter } from './reporter.ts'
import type { Config } from './schema.ts'
import { looseness, openSecret, readSmallFile, SecretError, type SecretPlaces } from './secrets.ts'
import type {
  AccessOptions,
  ExporterOptions,
  InferenceOptions,
  MeteringOptions,
  PrometheusOptions,
  DriftOptions,
  TlsOptions,
} from './types.ts'

type Prometheus = NonNullable<Config['prometheus']>
type Exporters = NonNullable<Config['exporters']>
type Metering = NonNullable<Config['metering']>
type Inference = NonNullable<Config['inference']>
type Access = Pick<Exporters, 'bearer' | 'basic' | 'tls' | 'timeout'>
type Path = readonly PropertyKey[]

const MAX_PEM_BYTES = 1024 * 1024
/** Where none is configured: long enough for a busy server, short enough that its silence is news. */
const PROMETHEUS_TIMEOUT_MS = 10_000
const EXPORTER_TIMEOUT_MS = 4_000
const METERING_TIMEOUT_MS = 15_000

export function resolvePrometheus(
  section: Prometheus,
  places: SecretPlaces,
  report: Reporter,
): PrometheusOptions {
  const at = ['prometheus']
  return {
    url: section.url.replace(/\/+$/, ''),
    access: {
      ...resolveAccess(section, PROMETHEUS_TIMEOUT_MS, at, places, report),
      headers: resolveHeaders(section.headers, [...at, 'headers'], places, report),
    },
    refreshMs: ms(section.refresh),
    slowEvery: section.slowEvery,
    identityEveryMs: ms(section.identityEvery),
    selector: section.selector.trim().replace(/,$/, ''),
  }
}

export function resolveExporters(
  section: Exporters,
  places: SecretPlaces,
  report: Reporter,
): ExporterOptions {
  const interval = ms(section.interval)
  return {
    static: section.static,
    files: section.files.map((path) => absolute(path, places)),
    http: section.http,
    secretFor: section.secretFor,
    access: resolveAccess(section, Math.min(EXPORTER_TIMEOUT_MS, interval), ['exporters'], places, report),
    intervalMs: interval,
    concurrency: section.concurrency,
    limits: {
      maxBodyBytes: Math.ceil(section.limits.bodyMebibytes * 1024 * 1024),
      maxSamples: section.limits.samples,
      maxLabels: section.limits.labels,
      maxLabelLength: section.limits.labelLength,
      maxLabelSets: section.limits.labelSets,
    },
  }
}

export function resolveMetering(section: Metering, places: SecretPlaces, report: Reporter): MeteringOptions {
  const at = ['metering']
  return {
    kind: section.kind,
    url: section.url.replace(/\/+$/, ''),
    access: {
      ...resolveAccess(section, METERING_TIMEOUT_MS, at, places, report),
      headers: resolveHeaders(section.headers, [...at, 'headers'], places, report),
    },
    refreshMs: ms(section.refresh),
    lagAllowedMs: ms(section.lagAllowed),
    litellm: { metrics: section.litellm.metrics ?? null },
    openmeter: section.openmeter,
  }
}

export function resolveInference(
  section: Inference,
  places: SecretPlaces,
  report: Reporter,
): InferenceOptions {
  const interval = ms(section.interval)
  const { prometheus, selector, static: fixed, http, concurrency, labels, names, models } = section
  return {
    prometheus,
    selector: selector.trim().replace(/,$/, ''),
    static: fixed,
    files: section.files.map((path) => absolute(path, places)),
    http,
    secretFor: section.secretFor,
    access: resolveAccess(section, Math.min(EXPORTER_TIMEOUT_MS, interval), ['inference'], places, report),
    intervalMs: interval,
    concurrency,
    labels,
    names,
    models,
  }
}

export function resolveDrift(section: Config['drift']): DriftOptions {
  return { threshold: section.threshold, windowMs: ms(section.window), lagMs: ms(section.lag) }
}

function resolveAccess(
  access: Access,
  defaultTimeoutMs: number,
  at: Path,
  places: SecretPlaces,
  report: Reporter,
): AccessOptions {
  return {
    bearer: access.bearer ? secretAt(access.bearer, [...at, 'bearer'], places, report) : null,
    basic: access.basic
      ? {
          username: access.basic.username,
          password: secretAt(access.basic.password, [...at, 'basic', 'password'], places, report),
        }
      : null,
    tls: access.tls ? resolveTls(access.tls, [...at, 'tls'], places, report) : null,
    headers: {},
    timeoutMs: access.timeout === undefined ? defaultTimeoutMs : ms(access.timeout),
  }
}

function resolveHeaders(
  headers: Prometheus['headers'],
  at: Path,
  places: SecretPlaces,
  report: Reporter,
): AccessOptions['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : secretAt(value, [...at, name], places, report),
    ]),
  )
}

function resolveTls(
  tls: NonNullable<Access['tls']>,
  at: Path,
  places: SecretPlaces,
  report: Reporter,
): TlsOptions {
  const key = tls.key === undefined ? null : pemAt(tls.key, 'PRIVATE KEY', [...at, 'key'], places, report)
  if (tls.key !== undefined) warnIfLoose(absolute(tls.key, places), [...at, 'key'], report)
  return {
    ca: tls.ca === undefined ? null : pemAt(tls.ca, 'CERTIFICATE', [...at, 'ca'], places, report),
    cert: tls.cert === undefined ? null : pemAt(tls.cert, 'CERTIFICATE', [...at, 'cert'], places, report),
    key: key === null ? null : new Secret(`file ${absolute(tls.key ?? '', places)}`, () => key),
    serverName: tls.serverName ?? null,
  }
}

function secretAt(reference: SecretReference, at: Path, places: SecretPlaces, report: Reporter): Secret {
  const path = [...at, 'env' in reference ? 'env' : 'file']
  try {
    const secret = openSecret(reference, places)
    if ('file' in reference) warnIfLoose(absolute(reference.file, places), path, report)
    return secret
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    report.error(path, error.message, error.nextStep)
    return new Secret('nowhere', () => '')
  }
}

function pemAt(path: string, what: string, at: Path, places: SecretPlaces, report: Reporter): string | null {
  try {
    const text = readSmallFile(absolute(path, places), MAX_PEM_BYTES)
    if (new RegExp(`-----BEGIN [A-Z0-9 ]*${what}-----`).test(text)) return text
    report.error(at, `the file holds no PEM block "BEGIN ${what}"`, 'Name a PEM file, not DER or PKCS#12.')
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    report.error(at, error.message, error.nextStep)
  }
  return null
}

function warnIfLoose(path: string, at: Path, report: Reporter): void {
  const loose = looseness(path)
  if (loose !== null) report.warn(at, `${path} holds a secret, and ${loose}`, `Run: chmod 600 ${path}`)
}

function absolute(path: string, places: SecretPlaces): string {
  return isAbsolute(path) ? path : resolve(places.folder, path)
}

function ms(duration: string): number {
  return parseDuration(duration) ?? 0
}
