import { isIPv4 } from 'node:net'

/** Whether two addresses have scheme, host and port in common: another port of the same host may be anybody's. */
export function isSameOrigin(one: string, other: string): boolean {
  const origin = URL.parse(one)?.origin
  return origin !== undefined && origin !== 'null' && origin === URL.parse(other)?.origin
}

/** @param hostname as a URL has it: IPv6 in brackets. "127.example.net" is a name like any other. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
}
