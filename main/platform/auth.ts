import { usedSecrets } from './redact.ts'
import type { SecretScope } from './secretScope.ts'

/**
 * Adds secret headers to a request just before it leaves for the address `to`. A closure, so that the secret stands in no
 * object that could be logged, copied or sent to a screen. `secret` is asked at every request: a rotated token is used at
 * once.
 */
export type Authorise = (headers: Record<string, string>, to: string | URL) => void
export type ReadSecret = () => string

export const noAuth: Authorise = () => {}

export function bearerAuth(secret: ReadSecret): Authorise {
  return (headers) => {
    headers['authorization'] = `Bearer ${headerText(secret())}`
  }
}

export function basicAuth(username: string, secret: ReadSecret): Authorise {
  return (headers) => {
    const pair = Buffer.from(`${username}:${secret().replace(/[\r\n]+$/, '')}`, 'utf8').toString('base64')
    usedSecrets.register(pair)
    headers['authorization'] = `Basic ${pair}`
  }
}

/** Such as X-Scope-OrgID or THANOS-TENANT, or a proxy's own token header. */
export function headerAuth(name: string, secret: ReadSecret): Authorise {
  const lower = name.toLowerCase()
  return (headers) => {
    headers[lower] = headerText(secret())
  }
}

export function allAuth(...parts: readonly Authorise[]): Authorise {
  // To be told from a section that has a secret.
  if (parts.length === 0) return noAuth
  return (headers, to) => {
    for (const part of parts) part(headers, to)
  }
}

/** Secrets that go nowhere but to where they belong: a request to any other address leaves without them. */
export function confinedAuth(authorise: Authorise, scope: SecretScope): Authorise {
  if (authorise === noAuth) return noAuth
  return (headers, to) => {
    if (scope.covers(to)) authorise(headers, to)
  }
}

/** Secret files end in a newline, which no header may carry. */
function headerText(secret: string): string {
  return secret.trim()
}
