import type { Role } from './tokens.ts'

/** Cookies know no ports: two consoles on one machine would take each other's without the port in the name. */
export function cookieName(port: number): string {
  return `floorwatch_${port}`
}

/**
 * A console's cookie ends with its browser; a wall's stays, because a wall restarts at night and has no keyboard.
 * 400 days is the longest that browsers keep one.
 */
export function sessionCookie(name: string, value: string, role: Role): string {
  const lifetime = role === 'wall' ? `; Max-Age=${400 * 86_400}` : ''
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${lifetime}`
}

/** The value of one cookie of a Cookie header; null where there is none. */
export function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').slice(0, 8192).split(';')) {
    const equals = part.indexOf('=')
    if (equals !== -1 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return null
}

export function readBearer(header: string | undefined): string | null {
  const match = /^Bearer ([A-Za-z0-9._~+/-]{1,256}=*)$/i.exec(header ?? '')
  return match?.[1] ?? null
}
