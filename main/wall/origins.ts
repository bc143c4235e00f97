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
  /** Of them, those of proxies in front. */
  readonly proxied: ReadonlySet<string>
  /** Those that are only ever asked for by TLS. */
  readonly tls: ReadonlySet<string>
}

/**
 * The names under which this host may be asked. Names matter: a page of an attacker whose name was pointed at our
 * address (DNS rebinding) arrives with its own name in `Host`.
 * @param address what the server is bound to
 * @param others further names, e.g. of a proxy in front, with or without port; `https://` before one says that browsers
 *   come by TLS
 * @param interfaces addresses of this machine, for a server that is bound to all of them
 * @param certified names of the certificate of a server that speaks TLS itself; null for one that does not
 */
export function originRules(
  address: string,
  port: number,
  others: readonly string[] = [],
  interfaces: readonly string[] = [],
  certified: readonly string[] | null = null,
): OriginRules {
  const everywhere = address === '0.0.0.0' || address === '::'
  const loopback = everywhere || address === '127.0.0.1' || address === '::1' || address === 'localhost'
  const names = [
    ...(loopback ? ['localhost', '127.0.0.1', '::1'] : []),
    ...(everywhere ? interfaces : [address]),
    ...(certified ?? []),
  ]
  const withPort = names.map((name) => `${isIP(name) === 6 ? `[${name}]` : name}:${port}`)
  const usual = certified === null ? 80 : 443
  const bare = withPort.map((host) => host.slice(0, host.lastIndexOf(':')))
  const own = (port === usual ? [...withPort, ...bare] : withPort).map((host) => host.toLowerCase())
  const proxied = others.map((name) => name.toLowerCase().replace(TLS, ''))
  return {
    hosts: new Set([...own, ...proxied]),
    proxied: new Set(proxied),
    tls: new Set([
      ...(certified === null ? [] : own),
      ...others.filter((name) => TLS.test(name)).map((name) => name.toLowerCase().replace(TLS, '')),
    ]),
  }
}

const TLS = /^https:\/\//i

/** What tells whether the browser came by TLS. */
export interface RequestPath {
  readonly host: string | undefined
  /** `X-Forwarded-Proto`, which anybody can write. */
  readonly forwardedProto: string | undefined
  /** Address of the peer. */
  readonly peer: string | undefined
}

/**
 * Whether the browser came by TLS, so that its cookie must stay there: under a name of a server that speaks nothing else, or
 * that was configured as `https://`, or where a proxy on this very machine says so under a name of a proxy. The header counts from nowhere else.
 */
export function cameByTls({ host, forwardedProto, peer }: RequestPath, rules: OriginRules): boolean {
  const name = host?.toLowerCase() ?? ''
  if (rules.tls.has(name)) return true
  // With several proxies the first value is that of the browser's own connection.
  const scheme = forwardedProto?.split(',')[0]?.trim().toLowerCase()
  return rules.proxied.has(name) && scheme === 'https' && isLoopback(peer)
}

/** Who is at the other end of a line, as far as this host can tell. */
export interface Peer {
  /** Of the network; '' on this machine. */
  readonly address: string
  /** Only a program on this machine can be there: neither the network nor a proxy lies between. */
  readonly ownMachine: boolean
}

/**
 * @param path `forwardedFor` counts from a proxy on this machine under its configured name alone, and its last entry, which
 *   that proxy has added: those before it are the browser's own words
 */
export function peerOf(
  {
    host,
    peer,
    forwardedFor,
  }: Pick<RequestPath, 'host' | 'peer'> & { readonly forwardedFor: string | undefined },
  rules: OriginRules,
): Peer {
  if (!isLoopback(peer)) return { address: peer ?? 'unknown', ownMachine: false }
  if (!rules.proxied.has(host?.toLowerCase() ?? '')) {
    return { address: '', ownMachine: forwardedFor === undefined }
  }
  const last = forwardedFor?.split(',').at(-1)?.trim() ?? ''
  return { address: isIP(last) === 0 ? 'proxy' : last, ownMachine: false }
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address ?? '')
}

/** Why a request is refused, in words for the log and the page; null where it may go on. */
export function refuseOrigin(request: RequestOrigin, rules: OriginRules): string | null {
  const host = request.host?.toLowerCase()
  if (host === undefined || !rules.hosts.has(host)) return 'it was asked under a name that is not ours'
  if (request.origin !== undefined && !isOwnOrigin(request.origin, host, rules))
    return 'it comes from another site'
  const navigation = request.fetchMode === 'navigate'
  const site = request.fetchSite
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigation) {
    return 'it comes from another site'
  }
  return null
}

/** A browser always sends `Origin` with a WebSocket; programs that send none need a bearer token. */
function isOwnOrigin(origin: string, host: string, rules: OriginRules): boolean {
  const lower = origin.toLowerCase()
  return lower === `https://${host}` || (lower === `http://${host}` && !rules.tls.has(host))
}
