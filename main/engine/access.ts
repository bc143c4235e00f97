import type { AccessOptions } from '../config/types.ts'
import { allAuth, type Authorise, basicAuth, bearerAuth, confinedAuth, headerAuth } from '../platform/auth.ts'
import { type AgentOptions, createAgent, type HttpAgent, type TlsOptions } from '../platform/http/index.ts'
import { Secret } from '../platform/secret.ts'
import type { SecretScope } from '../platform/secretScope.ts'

/** How to reach one kind of source: its connections, its secret headers, its plain headers and its deadline. */
export interface Access {
  readonly agent: HttpAgent
  /** Within the scope of the section's secrets alone. */
  readonly authorise: Authorise
  readonly headers: Readonly<Record<string, string>>
  readonly deadlineMs: number
}

/**
 * Opens nothing yet: sockets come with the first request. The caller closes `agent`.
 * @param scope where the section's secrets may go
 */
export function openAccess(
  options: AccessOptions,
  scope: SecretScope,
  connections: AgentOptions['connections'],
): Access {
  const headers = Object.entries(options.headers)
  const secrets = allAuth(
    ...(options.bearer ? [bearerAuth(reader(options.bearer))] : []),
    ...(options.basic ? [basicAuth(options.basic.username, reader(options.basic.password))] : []),
    ...headers.flatMap(([name, value]) => (value instanceof Secret ? [headerAuth(name, reader(value))] : [])),
  )
  return {
    agent: createAgent({ connections, tls: tlsOf(options) }),
    authorise: confinedAuth(secrets, scope),
    headers: Object.fromEntries(
      headers.flatMap(([name, value]) => (typeof value === 'string' ? [[name.toLowerCase(), value]] : [])),
    ),
    deadlineMs: options.timeoutMs,
  }
}

function tlsOf({ tls }: AccessOptions): TlsOptions {
  if (!tls) return {}
  return {
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key.reveal() }),
    ...(tls.serverName === null ? {} : { serverName: tls.serverName }),
  }
}

function reader(secret: Secret): () => string {
  return () => secret.reveal()
}
