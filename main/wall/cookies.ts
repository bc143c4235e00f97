import type { Role } from './tokens.ts'

/**
 * Cookies know no ports: two consoles on one machine would take each other's without the port in the name. Behind TLS
 * the prefix keeps neighbours of the same machine from planting one (RFC 6265bis, `__Host-`).
 */
export function cookieName(port: number, secure: boolean): string {
  return `${secure ? '__Host-' : ''}floorwatch_${port}`
}

/**
 * A console's cookie ends with its browser; a wall's stays, because a wall restarts at night and has no keyboard.
 * 400 days is the longest that browsers keep one.
 * @param secure the browser came by TLS and must never send it without
 */
export function sessionCookie(name: string, value: string, role: Role, secure: boolean): string {
  const lifetime = role === 'wall' ? `; Max-Age=${400 * 86_400}` : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}${lifetime}`
}

/** The value of one cookie of a Cookie header; null where there is none. */
function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').slice(0, 8192).split(';')) {
    const equals = part.indexOf('=')
    if (equals !== -1 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return null
}

/**
 * The cookie of this host under either name: a proxy need not say on every path that the browser came by TLS. A planted
 * one opens nothing, because its proof is missing.
 */
export function readSessionCookie(header: string | undefined, port: number): string | null {
  return readCookie(header, cookieName(port, true)) ?? readCookie(header, cookieName(port, false))
}

export function readBearer(header: string | undefined): string | null {
  const match = /^Bearer ([A-Za-z0-9._~+/-]{1,256}=*)$/i.exec(header ?? '')
  return match?.[1] ?? null
}
