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

/** More cookies of our names than paths and domains of one host can make are not looked at. */
const MOST_COOKIES = 8

/** The values of all cookies of this name in a Cookie header, in its order. */
function readCookies(header: string, name: string): string[] {
  return header.split(';').flatMap((part) => {
    const equals = part.indexOf('=')
    return equals !== -1 && part.slice(0, equals).trim() === name ? [part.slice(equals + 1).trim()] : []
  })
}

/**
 * The cookies of this host under both names, at most {@link MOST_COOKIES}: a proxy need not say on every path that the
 * browser came by TLS, and a neighbour on another port can plant one of our name for a longer path, which the browser
 * then sends first. A planted one opens nothing, because its proof is missing, and it must not hide the good one.
 */
export function readSessionCookies(header: string | undefined, port: number): string[] {
  const text = header ?? ''
  const values = [...readCookies(text, cookieName(port, true)), ...readCookies(text, cookieName(port, false))]
  return values.slice(0, MOST_COOKIES)
}

export function readBearer(header: string | undefined): string | null {
  const match = /^Bearer ([A-Za-z0-9._~+/-]{1,256}=*)$/i.exec(header ?? '')
  return match?.[1] ?? null
}
