import { isIP } from 'node:net'

/** The headers by which a browser tells where a request comes from. */
export interface RequestOrigin {
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `sec-fetch-site`, `sec-fetch-mode`: absent from programs that are no browsers. */
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
}

export interface OriginRules {
  /** Values of the Host header that are ours, in lower case, with the port where it is not the scheme's own. */
  readonly hosts: ReadonlySet<string>
}

/**
 * The names under which this host may be asked. Names matter: a page of an attacker whose name was pointed at our
 * address (DNS rebinding) arrives with its own name in `Host`.
 * @param address what the server is bound to
 * @param others further names, e.g. of a proxy in front, with or without port
 * @param interfaces addresses of this machine, for a server that is bound to all of them
 */
export function originRules(
  address: string,
  port: number,
  others: readonly string[] = [],
  interfaces: readonly string[] = [],
): OriginRules {
  const everywhere = address === '0.0.0.0' || address === '::'
  const loopback = everywhere || address === '127.0.0.1' || address === '::1' || address === 'localhost'
  const names = [
    ...(loopback ? ['localhost', '127.0.0.1', '::1'] : []),
    ...(everywhere ? interfaces : [address]),
  ]
  const withPort = names.map((name) => `${isIP(name) === 6 ? `[${name}]` : name}:${port}`)
  const own = port === 80 ? [...withPort, ...withPort.map((host) => host.replace(/:80$/, ''))] : withPort
  return { hosts: new Set([...own, ...others].map((host) => host.toLowerCase())) }
}

/** Why a request is refused, in words for the log and the page; null where it may go on. */
export function refuseOrigin(request: RequestOrigin, rules: OriginRules): string | null {
  const host = request.host?.toLowerCase()
  if (host === undefined || !rules.hosts.has(host)) return 'it was asked under a name that is not ours'
  if (request.origin !== undefined && !isOwnOrigin(request.origin, host)) return 'it comes from another site'
  const navigation = request.fetchMode === 'navigate'
  const site = request.fetchSite
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigation) {
    return 'it comes from another site'
  }
  return null
}

/** A browser always sends `Origin` with a WebSocket; programs that send none need a bearer token. */
export function isOwnOrigin(origin: string, host: string): boolean {
  const lower = origin.toLowerCase()
  return lower === `http://${host}` || lower === `https://${host}`
}
