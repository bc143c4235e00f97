import { Agent, buildConnector, Client, type Dispatcher, Pool } from 'undici'
import { addressGuard, guardedLookup, refuseLiteral, type AddressGuard } from '../addressGuard.ts'

export interface TlsOptions {
  /** PEM of the only authorities to trust; the system's where it is missing. */
  readonly ca?: string | Uint8Array
  /** PEM of the client certificate and its key, for mutual TLS. */
  readonly cert?: string | Uint8Array
  readonly key?: string | Uint8Array
  /** Name to expect in the certificate, where it is not the address's host. */
  readonly serverName?: string
}

export interface AgentOptions {
  readonly tls?: TlsOptions
  /** Which IP addresses are refused; the product's own guard where none is given. */
  readonly addressGuard?: AddressGuard
  /**
   * Sockets per origin; requests beyond wait their turn inside their deadline. A function is asked at the first request
   * to an origin. One socket is the lightest: more of them take a queue of 16 kB beside them.
   */
  readonly connections: number | ((origin: string) => number)
  /** How long an idle socket is kept for the next request, ms. */
  readonly keepAliveMs?: number
}

/** A set of kept-alive connections under one TLS identity. */
export interface HttpAgent {
  readonly dispatcher: Dispatcher
  /** Ends every connection and fails what is in flight. */
  close(): Promise<void>
}

export function createAgent(options: AgentOptions): HttpAgent {
  const guard = options.addressGuard ?? addressGuard
  const asked = options.connections
  const socketsFor = typeof asked === 'number' ? () => asked : asked
  const tls = options.tls ?? {}
  const connect = buildConnector({
    lookup: guardedLookup(guard),
    allowH2: false,
    timeout: 15_000,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(tls.ca === undefined ? {} : { ca: buffer(tls.ca) }),
    ...(tls.cert === undefined ? {} : { cert: buffer(tls.cert) }),
    ...(tls.key === undefined ? {} : { key: buffer(tls.key) }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  })
  const dispatcher = new Agent({
    factory(origin, given: Client.Options) {
      const connections = socketsFor(String(origin))
      return connections === 1 ? new Client(origin, given) : new Pool(origin, { ...given, connections })
    },
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: options.keepAliveMs ?? 60_000,
    maxHeaderSize: 32 * 1024,
    connect(target, callback) {
      const refused = refuseLiteral(guard, target.hostname)
      // Later than this turn: undici expects a connector to call back after it returned.
      if (refused) queueMicrotask(() => callback(refused, null))
      else connect(target, callback)
    },
  })
  return { dispatcher, close: () => dispatcher.destroy() }
}

function buffer(pem: string | Uint8Array): Buffer {
  return typeof pem === 'string' ? Buffer.from(pem, 'utf8') : Buffer.from(pem)
}
