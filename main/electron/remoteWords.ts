/** Why there is no line to an engine elsewhere, for the person at the screen: what happened and what to do. Pure. */

/** The file that holds the token cannot be used; its own words name it. */
export function whyNoToken(origin: string, error: unknown): string {
  const why = error instanceof Error ? error.message.slice(0, 300) : 'it cannot be read'
  return (
    `There is no token for the engine at ${origin}: ${why}. ` +
    'Check that `floorwatch serve` runs there, which writes it, and the path of --token-file.'
  )
}

/** The file of the authority cannot be used; its own words name it. */
export function whyNoAuthority(origin: string, error: unknown): string {
  const why = error instanceof Error ? error.message.slice(0, 300) : 'it cannot be read'
  return `The authority for the certificate of ${origin} cannot be read: ${why}. Check the path of --ca.`
}

/** The upgrade was answered with an HTTP status instead. */
export function whyRefused(origin: string, status: number): string {
  switch (status) {
    case 401:
      return (
        `The engine at ${origin} does not know this token: it was started again since. ` +
        'Start this window again with the "desktop" line that it prints now.'
      )
    case 403:
      return `The engine at ${origin} refused the connection: it is not served under this name. Allow it there with --allow-host.`
    case 404:
      return `What answers at ${origin} is no Floorwatch. Check the address.`
    case 503:
      return `The engine at ${origin} has no line free: close another screen.`
    default:
      return `${origin} answered with HTTP status ${status} instead of a line to the engine. Check the address.`
  }
}

const UNTRUSTED =
  'Its certificate is signed by an authority that this machine does not trust. Name the authority with --ca.'

const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there. Start `floorwatch serve` on that machine, or check the port.',
  ECONNRESET: 'The connection was cut.',
  ENOTFOUND: 'The name is not known here. Check its spelling.',
  EAI_AGAIN: 'Names cannot be resolved now. Check the network.',
  ETIMEDOUT: 'It does not answer. Check the network and the address.',
  EHOSTUNREACH: 'There is no way to it. Check the network.',
  ENETUNREACH: 'There is no network to reach it. Check the cable.',
  CERT_HAS_EXPIRED: 'Its certificate has expired. Renew it there.',
  CERT_NOT_YET_VALID: 'Its certificate is not valid yet. Check the clocks of both machines.',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'Its certificate is signed by itself. Name it with --ca, after comparing it with the file on that machine.',
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  ERR_TLS_CERT_ALTNAME_INVALID:
    'Its certificate is for another name. Use the name in the address that the certificate has.',
  ERR_OSSL_PEM_NO_START_LINE: 'The file of --ca is not a certificate in PEM.',
  EPROTO: 'It does not speak TLS. Check whether the address begins with http or https.',
}

/** The connection failed or broke. */
export function whyFailed(origin: string, error: Error): string {
  // Of several addresses of one name each failed for itself; the first says as much as any.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code = first instanceof Error && 'code' in first ? String(first.code) : ''
  const late = error.message.includes('handshake has timed out') ? CODES['ETIMEDOUT'] : undefined
  return `The engine at ${origin} cannot be reached. ${CODES[code] ?? late ?? `${error.message.slice(0, 200)}.`}`
}

/** A line that stood was closed from the other side. */
export function whyEnded(origin: string, code: number, reason: string): string {
  if (code === 1001) return `The engine at ${origin} is shutting down.`
  const said = reason === '' ? '' : ` (${reason.slice(0, 100)})`
  return `The engine at ${origin} has gone: it closed the connection${said}.`
}
