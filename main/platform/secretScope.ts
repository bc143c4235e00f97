import { BlockList, isIP } from 'node:net'

/** Where the secrets of one section of the configuration may go. */
export interface SecretScope {
  /** Whether they may go to this address; false for one that is none. */
  covers(address: string | URL): boolean
}

/** `*.gpu.example.net:9400`, `10.0.0.0/8`, `https://h-1.example`: see {@link readScopeEntry}. */
export interface ScopeEntry {
  /** `http:` or `https:`; null: either. */
  readonly protocol: string | null
  readonly host: (hostname: string) => boolean
  /** null: every port. */
  readonly port: string | null
}

/** A scope of half the Internet is none. */
const SHORTEST_PREFIX = 8
/** Longer than any name of the DNS with what may stand around it. */
const LONGEST_ENTRY = 300
const SCHEME = /^(https?):\/\//i
// No text can be read by either in two ways, so none takes longer than it is.
const HOST_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|([^:/[\]?#@\s]+))(?:\/(\d{1,3}))?(?::(\d{1,5}))?$/i
const BARE_IPV6 = /^([0-9a-f.]*:[0-9a-f:.]*)(?:\/(\d{1,3}))?$/i
const HOST_NAME = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/
const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/**
 * Reads one entry: a host name, `*.` and the end of host names, an IP address, or a range of them as `10.0.0.0/8`;
 * before it `http://` or `https://`, behind it `:port`, where only that is meant. IPv6 stands in brackets where a port
 * follows. A range covers addresses that are written as such: what a name resolves to is up to whoever answers for it.
 * @throws Error with what was expected
 */
export function readScopeEntry(text: string): ScopeEntry {
  const trimmed = text.trim()
  if (trimmed.length > LONGEST_ENTRY) throw new Error(`expected at most ${LONGEST_ENTRY} characters`)
  const scheme = SCHEME.exec(trimmed)?.[1]
  const rest = trimmed.replace(SCHEME, '')
  const [, bare, bareRange] = BARE_IPV6.exec(rest) ?? []
  const [, bracketed, plain, range = bareRange, digits] = HOST_AND_PORT.exec(rest) ?? []
  const port = digits === undefined ? null : Number(digits)
  if (port !== null && (port < 1 || port > 65_535)) throw new Error(`${port} is no port`)
  return {
    protocol: scheme === undefined ? null : `${scheme.toLowerCase()}:`,
    host: hostMatcher((bracketed ?? plain ?? bare ?? '').toLowerCase(), range),
    port: port === null ? null : String(port),
  }
}

/**
 * @param origins addresses that stand in the configuration itself: their scheme, host and port
 * @param entries where else the secrets may go, {@link readScopeEntry}
 */
export function secretScope(
  origins: readonly (string | URL)[],
  entries: readonly ScopeEntry[] = [],
): SecretScope {
  const known = new Set(origins.flatMap((address) => URL.parse(String(address))?.origin ?? []))
  return {
    covers(address) {
      const url = URL.parse(String(address))
      if (url === null || !Object.hasOwn(DEFAULT_PORTS, url.protocol)) return false
      if (known.has(url.origin)) return true
      const host = url.hostname.replace(/^\[|\]$|\.$/g, '')
      const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : url.port
      return entries.some(
        (entry) =>
          (entry.protocol === null || entry.protocol === url.protocol) &&
          (entry.port === null || entry.port === port) &&
          entry.host(host),
      )
    },
  }
}

function hostMatcher(host: string, range: string | undefined): ScopeEntry['host'] {
  const version = isIP(host)
  if (range !== undefined || version !== 0) return addressMatcher(host, version, range)
  const suffix = host.startsWith('*.') ? host.slice(1) : null
  if (!HOST_NAME.test(suffix === null ? host : suffix.slice(1)) || /^[*\d.]+$/.test(host)) {
    throw new Error(
      'expected a host, *.domain, an address or a range such as 10.0.0.0/8, with :port where one is meant',
    )
  }
  return suffix === null ? (name) => name === host : (name) => name.endsWith(suffix) && isIP(name) === 0
}

function addressMatcher(host: string, version: number, range: string | undefined): ScopeEntry['host'] {
  const bits = version === 6 ? 128 : 32
  const prefix = range === undefined ? bits : Number(range)
  if (version === 0 || prefix > bits) throw new Error('expected a range of addresses such as 10.0.0.0/8')
  if (prefix < SHORTEST_PREFIX) throw new Error(`a range has a prefix of /${SHORTEST_PREFIX} or longer`)
  const list = new BlockList()
  list.addSubnet(host, prefix, version === 6 ? 'ipv6' : 'ipv4')
  return (name) => {
    const family = isIP(name)
    return family === version && list.check(name, family === 6 ? 'ipv6' : 'ipv4')
  }
}
