/** Whether two addresses have scheme, host and port in common: another port of the same host may be anybody's. */
export function isSameOrigin(one: string, other: string): boolean {
  const origin = URL.parse(one)?.origin
  return origin !== undefined && origin !== 'null' && origin === URL.parse(other)?.origin
}
