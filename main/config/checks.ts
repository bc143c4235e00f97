import { isIPv4 } from 'node:net'
import { parseDuration } from './duration.ts'
import { quoted } from './problems.ts'
import type { Reporter } from './reporter.ts'
import type { Config } from './schema.ts'
import { nearest } from './suggest.ts'

type Prometheus = NonNullable<Config['prometheus']>
type Exporters = NonNullable<Config['exporters']>
type Access = Pick<Exporters, 'bearer' | 'basic' | 'tls' | 'timeout'>

const MIN_PACE_MS = 100
const MAX_PACE_MS = 3_600_000

/** Rules that one key alone cannot tell. Each looks at one section, so that a broken one does not hide the others. */
export function checkSite(site: Config['site'], report: Reporter): void {
  try {
    Intl.DateTimeFormat('en', { timeZone: site.timezone })
  } catch {
    const meant = nearest(site.timezone, Intl.supportedValuesOf('timeZone'))
    report.error(
      ['site', 'timezone'],
      `"${quoted(site.timezone)}" is no time zone of the IANA list`,
      meant === null ? 'Write it as Area/City, e.g. Europe/Paris, or UTC.' : `Did you mean ${meant}?`,
    )
  }
}

export function checkPrometheus(prometheus: Prometheus, report: Reporter): void {
  checkAddress(['prometheus', 'url'], prometheus.url, report)
  checkAccess('prometheus', prometheus, [prometheus.url], report)
  const refresh = checkPace(['prometheus', 'refresh'], prometheus.refresh, report)
  checkPace(['prometheus', 'identityEvery'], prometheus.identityEvery, report)
  checkTimeout('prometheus', prometheus.timeout, refresh, 'refresh', report)
  checkHeaders(prometheus.headers, report)
  checkSelector(prometheus.selector, report)
}

export function checkExporters(exporters: Exporters, report: Reporter): void {
  const { files, http } = exporters
  if (exporters.static.length + files.length + http.length === 0) {
    report.error(['exporters'], 'no exporter is named', 'Give static, files or http, or remove the section.')
  }
  exporters.static.forEach((target, index) => {
    checkAddress(['exporters', 'static', index], exporterAddress(target), report)
  })
  http.forEach((url, index) => checkAddress(['exporters', 'http', index], url, report))
  files.forEach((path, index) => {
    if (/[*?[\]]/.test(path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0)))) {
      report.error(
        ['exporters', 'files', index],
        'a * may stand in the last part of the path only',
        'Name the folder.',
      )
    }
  })
  checkAccess('exporters', exporters, [...exporters.static.map(exporterAddress), ...http], report)
  const interval = checkPace(['exporters', 'interval'], exporters.interval, report)
  checkTimeout('exporters', exporters.timeout, interval, 'interval', report)
}

export function checkThresholds(thresholds: Config['thresholds'], report: Reporter): void {
  for (const [field, limits] of Object.entries(thresholds)) {
    if (limits.advisory > limits.critical) {
      report.error(
        ['thresholds', field, 'advisory'],
        `advisory (${limits.advisory}) lies above critical (${limits.critical})`,
        'A figure passes advisory first: make it the lower one.',
      )
    }
  }
}

export function checkFreshness(
  freshness: Config['freshness'],
  paces: readonly { readonly key: string; readonly duration: string }[],
  report: Reporter,
): void {
  const staleAfter = checkPace(['freshness', 'staleAfter'], freshness.staleAfter, report)
  checkPace(['freshness', 'freezeAfter'], freshness.freezeAfter, report)
  for (const { key, duration } of paces) {
    const pace = parseDuration(duration)
    if (pace !== null && staleAfter !== null && staleAfter < pace * 2) {
      report.warn(
        ['freshness', 'staleAfter'],
        `${freshness.staleAfter} is less than two times ${key} (${duration}), so one late answer makes the floor stale`,
        'Make it at least three times as long.',
      )
    }
  }
}

/** `host:port` as the whole address it stands for. */
function exporterAddress(target: string): string {
  return target.includes('://') ? target : `http://${target}`
}

function checkAddress(path: readonly PropertyKey[], address: string, report: Reporter): void {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    report.error(path, 'this is no address', 'Write host:port, http://host:port or https://host:port.')
    return
  }
  if (url.username !== '' || url.password !== '') {
    report.error(
      path,
      'a name or password stands in the address',
      'Remove it and use basic with a reference.',
    )
  }
  if (url.hash !== '') report.error(path, 'an address has no # part here', 'Remove it.')
}

function checkAccess(section: string, access: Access, addresses: readonly string[], report: Reporter): void {
  if (access.bearer && access.basic) {
    report.error(
      [section, 'basic'],
      'bearer and basic are both given',
      'Keep the one that the server expects.',
    )
  }
  const { cert, key } = access.tls ?? {}
  if (cert !== undefined && key === undefined) {
    report.error([section, 'tls', 'cert'], 'a client certificate needs its key', 'Add key: PATH.')
  }
  if (key !== undefined && cert === undefined) {
    report.error([section, 'tls', 'key'], 'a key needs its client certificate', 'Add cert: PATH.')
  }
  const plain = addresses.find((address) => /^http:/i.test(address) && !isLoopback(address))
  if (plain !== undefined && (access.bearer ?? access.basic)) {
    report.warn(
      [section, access.bearer ? 'bearer' : 'basic'],
      `the secret travels unencrypted to ${URL.parse(plain)?.host ?? 'the server'}`,
      'Use https:// where the server has it.',
    )
  }
  if (access.tls && addresses.length > 0 && addresses.every((address) => /^http:/i.test(address))) {
    report.warn([section, 'tls'], 'these settings have no effect on http:// addresses', 'Write https://.')
  }
}

function isLoopback(address: string): boolean {
  const host = URL.parse(address)?.hostname ?? ''
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'))
}

function checkPace(path: readonly PropertyKey[], text: string, report: Reporter): number | null {
  const ms = parseDuration(text)
  if (ms === null || ms < MIN_PACE_MS || ms > MAX_PACE_MS) {
    report.error(path, `${quoted(text)} is out of bounds`, 'Choose between 100ms and 1h.')
    return null
  }
  return ms
}

function checkTimeout(
  section: string,
  timeout: string | undefined,
  paceMs: number | null,
  paceKey: string,
  report: Reporter,
): void {
  if (timeout === undefined) return
  const ms = checkPace([section, 'timeout'], timeout, report)
  if (ms !== null && paceMs !== null && ms > paceMs) {
    report.warn(
      [section, 'timeout'],
      `a time-out of ${timeout} is longer than ${paceKey}, so one slow answer skips the next turns`,
      `Make it shorter than ${paceKey}.`,
    )
  }
}

/** Headers that belong to the connection, or carry a secret that has a place of its own. */
const CONNECTION_HEADERS = new Set([
  'host',
  'content-length',
  'connection',
  'transfer-encoding',
  'upgrade',
  'te',
])
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie'])

function checkHeaders(headers: Prometheus['headers'], report: Reporter): void {
  for (const [name, value] of Object.entries(headers)) {
    const path = ['prometheus', 'headers', name]
    const lower = name.toLowerCase()
    if (CONNECTION_HEADERS.has(lower)) {
      report.error(path, 'this header is set by the connection itself', 'Remove it.')
    }
    if (typeof value !== 'string') continue
    if (SECRET_HEADERS.has(lower)) {
      report.error(path, 'this header carries a secret', 'Use bearer or basic, or a reference as its value.')
    }
    // Printable Latin-1 and tab, which is what HTTP carries in a header.
    if (!/^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) {
      report.error(path, 'a header value is one line of printable text', 'Correct the value.')
    }
  }
}

/** Not a PromQL parser: it catches what would break out of the braces or leave a text open. */
function checkSelector(selector: string, report: Reporter): void {
  const rest = selector.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/g, '""')
  const label = String.raw`\s*[A-Za-z_][A-Za-z0-9_]*\s*(?:=~|!~|!=|=)\s*""\s*`
  const well = new RegExp(`^(?:${label}(?:,${label})*,?)?\\s*$`)
  if (!well.test(rest)) {
    report.error(
      ['prometheus', 'selector'],
      'expected label matchers as inside PromQL braces, without the braces',
      'For example: cluster="a", job=~"dcgm.*"',
    )
  }
}
