import { isLoopback } from '../platform/origin.ts'
import { readScopeEntry } from '../platform/secretScope.ts'
import { parseDuration } from './duration.ts'
import { quoted } from './problems.ts'
import type { Reporter } from './reporter.ts'
import type { Config } from './schema.ts'

type Prometheus = NonNullable<Config['prometheus']>
type Access = Pick<Prometheus, 'bearer' | 'basic' | 'tls' | 'timeout'>
type Targets = Pick<NonNullable<Config['exporters']>, 'static' | 'files' | 'http' | 'secretFor'>

const MIN_PACE_MS = 100
const MAX_PACE_MS = 3_600_000

/** Rules that hold for every HTTP source alike; `section` is its key in the file. */
export function checkTargets(
  section: string,
  { static: fixed, files, http }: Targets,
  report: Reporter,
): void {
  fixed.forEach((target, index) => {
    checkAddress([section, 'static', index], targetAddress(target), report)
  })
  http.forEach((url, index) => checkAddress([section, 'http', index], url, report))
  files.forEach((path, index) => {
    if (/[*?[\]]/.test(path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0)))) {
      report.error(
        [section, 'files', index],
        'a * may stand in the last part of the path only',
        'Name the folder.',
      )
    }
  })
}

/** Lists may name any address. Which of them get the secret is for the configuration to say, not for the lists. */
export function checkSecretFor(
  section: string,
  { files, http, secretFor, bearer, basic }: Targets & Access,
  report: Reporter,
): void {
  secretFor.forEach((entry, index) => {
    try {
      readScopeEntry(entry)
    } catch (error) {
      report.error(
        [section, 'secretFor', index],
        `"${quoted(entry)}" names no addresses: ${error instanceof Error ? error.message : String(error)}`,
        'Write *.gpu.example.net:9400, 10.0.0.0/8 or https://h-1.example.',
      )
    }
  })
  const secret = bearer ? 'bearer' : basic ? 'basic' : null
  const list = files.length > 0 ? 'files' : http.length > 0 ? 'http' : null
  if (secret !== null && list !== null && secretFor.length === 0) {
    report.warn(
      [section, secret],
      `addresses that ${list === 'files' ? 'files name' : 'http names'} do not get this secret`,
      'Say under secretFor which of them do, such as *.gpu.example.net:9400 or 10.0.0.0/8.',
    )
  }
  if (secretFor.length > 0 && (secret === null || list === null)) {
    const text = secret === null ? 'this section has no secret' : 'this section has no list of targets'
    report.warn([section, 'secretFor'], `${text}, so it has no effect`, 'Remove it.')
  }
}

/** Every address that stands in the file itself; what discovery finds later is not known yet. */
export function targetAddresses({ static: fixed, http }: Pick<Targets, 'static' | 'http'>): string[] {
  return [...fixed.map(targetAddress), ...http]
}

/** `host:port` as the whole address it stands for. */
function targetAddress(target: string): string {
  return target.includes('://') ? target : `http://${target}`
}

export function checkAddress(path: readonly PropertyKey[], address: string, report: Reporter): void {
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

export function checkAccess(
  section: string,
  access: Access,
  addresses: readonly string[],
  report: Reporter,
): void {
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
  const plain = addresses.find(
    (address) => /^http:/i.test(address) && !isLoopback(URL.parse(address)?.hostname ?? ''),
  )
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

export function checkPace(path: readonly PropertyKey[], text: string, report: Reporter): number | null {
  const ms = parseDuration(text)
  if (ms === null || ms < MIN_PACE_MS || ms > MAX_PACE_MS) {
    report.error(path, `${quoted(text)} is out of bounds`, 'Choose between 100ms and 1h.')
    return null
  }
  return ms
}

export function checkTimeout(
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

export function checkHeaders(section: string, headers: Prometheus['headers'], report: Reporter): void {
  for (const [name, value] of Object.entries(headers)) {
    const path = [section, 'headers', name]
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

/** A selector goes with every query in its address. */
const LONGEST_SELECTOR = 4096

/** Not a PromQL parser: it catches what would break out of the braces or leave a text open. */
export function checkSelector(section: string, selector: string, example: string, report: Reporter): void {
  if (selector.length > LONGEST_SELECTOR) {
    report.error(
      [section, 'selector'],
      `expected at most ${LONGEST_SELECTOR} characters, found ${selector.length}`,
      'Name a label that all of these series have, or a regular expression.',
    )
    return
  }
  const rest = selector.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/g, '""')
  const label = String.raw`\s*[A-Za-z_][A-Za-z0-9_]*\s*(?:=~|!~|!=|=)\s*""\s*`
  const well = new RegExp(`^(?:${label}(?:,${label})*,?)?\\s*$`)
  if (!well.test(rest)) {
    report.error(
      [section, 'selector'],
      'expected label matchers as inside PromQL braces, without the braces',
      `For example: ${example}`,
    )
  }
}
