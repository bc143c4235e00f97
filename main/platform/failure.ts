import type { SourceError } from '../../shared/model/source.ts'
import { RefusedAddressError } from './addressGuard.ts'
import { printable } from './foreignText.ts'
import { redactUrl, usedSecrets } from './redact.ts'

export type FailureKind =
  | 'timeout'
  | 'aborted'
  | 'too-large'
  | 'redirect'
  | 'address'
  | 'encoding'
  | 'network'

export interface FailureDetail {
  /** The deadline (ms) or cap (bytes) that was passed. */
  readonly limit?: number
  /** The cap was passed while inflating. */
  readonly inflated?: boolean
  readonly status?: number
  readonly location?: string
  /** A connection was closed before the first byte of an answer. */
  readonly beforeAnswer?: boolean
}

/** Why one HTTP exchange brought no answer. */
export class RequestFailure extends Error {
  readonly kind: FailureKind
  readonly detail: FailureDetail

  constructor(kind: FailureKind, message: string, detail: FailureDetail = {}, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'RequestFailure'
    this.kind = kind
    this.detail = detail
  }

  static network(cause: unknown, detail: FailureDetail = {}): RequestFailure {
    if (cause instanceof RequestFailure) return cause
    return new RequestFailure(
      'network',
      cause instanceof Error ? cause.message : String(cause),
      detail,
      cause,
    )
  }
}

/** Thrown by clients of a source: what happened, in the words that a screen shows. */
export class SourceFailure extends Error {
  readonly failure: SourceError

  constructor(failure: SourceError, cause?: unknown) {
    // The text may quote what a server said, and a server may quote the token that it refused.
    const clean = withoutSecrets(failure)
    super(clean.text, cause === undefined ? {} : { cause })
    this.name = 'SourceFailure'
    this.failure = clean
  }
}

function withoutSecrets(failure: SourceError): SourceError {
  const text = usedSecrets.scrub(failure.text)
  const nextStep = usedSecrets.scrub(failure.nextStep)
  return text === failure.text && nextStep === failure.nextStep ? failure : { ...failure, text, nextStep }
}

/** What stopped a question, in words; a defect of the console is not told in detail. */
export function sourceErrorOf(error: unknown, what: string): SourceError {
  if (error instanceof SourceFailure) return error.failure
  return {
    code: 'internal',
    text: `The answer for ${what} could not be used.`,
    nextStep: "The engine's log has the details; please report them.",
  }
}

/** What was asked, for the words: "Prometheus", "exporter h-0312". */
export interface Place {
  readonly source: string
  readonly address: string
}

/** Puts whatever stopped a request into plain words. Never throws; an unknown error keeps its own message. */
export function describeFailure(error: unknown, place: Place): SourceError {
  if (error instanceof SourceFailure) return error.failure
  // A redirect, a broken header or a TLS alert may repeat what was sent.
  return withoutSecrets(inWords(error, place))
}

function inWords(error: unknown, place: Place): SourceError {
  const where = `${place.source}: `
  const address = redactUrl(place.address)
  if (!(error instanceof RequestFailure)) return describeNetwork(error, where, address)
  const { detail } = error
  switch (error.kind) {
    case 'timeout':
      return {
        code: 'timeout',
        text: `${where}no answer within ${seconds(detail.limit ?? 0)} from ${address}`,
        nextStep: 'Check that it is running and not overloaded; raise `timeout` if it is only slow.',
      }
    case 'aborted':
      return {
        code: 'aborted',
        text: `${where}the request to ${address} was cancelled`,
        nextStep: 'None needed.',
      }
    case 'too-large':
      return {
        code: 'too-large',
        text: `${where}the answer of ${address} is larger than the cap of ${bytes(detail.limit ?? 0)}${detail.inflated === true ? ' once inflated' : ''}`,
        nextStep: 'Check that the address is the right one; raise the limit if it is.',
      }
    case 'redirect':
      return {
        code: `http-${detail.status ?? 302}`,
        text: `${where}${address} redirects to ${redirectTarget(detail.location ?? '', address)}; redirects are not followed`,
        nextStep: 'Configure the final address, or a token if this is a login page.',
      }
    case 'address':
      return {
        code: 'address',
        text: `${where}${error.message} (${address})`,
        nextStep: 'Correct the address; put user name and password under `basic`, a token under `bearer`.',
      }
    case 'encoding':
      return {
        code: 'parse',
        text: `${where}${address}: ${error.message}`,
        nextStep: 'Look at proxies between here and there; one of them damages or recodes the answer.',
      }
    default: {
      const told = describeNetwork(error.cause ?? error, where, address)
      // Under TLS 1.3 a server without our certificate often just hangs up after the handshake.
      const hungUp = told.code === 'reset' && detail.beforeAnswer === true && address.startsWith('https:')
      return hungUp
        ? {
            ...told,
            nextStep: `If it wants a client certificate, set \`tls.cert\` and \`tls.key\`. ${told.nextStep}`,
          }
        : told
    }
  }
}

const NETWORK: Readonly<
  Record<string, { code: string; text: (address: string) => string; nextStep: string }>
> = {
  ECONNREFUSED: {
    code: 'refused',
    text: (address) => `connection refused by ${address}`,
    nextStep: 'Check that it is running and listening on this port.',
  },
  ENOTFOUND: {
    code: 'dns',
    text: (address) => `the host name of ${address} is unknown`,
    nextStep: 'Correct the name, or check the DNS server of this machine.',
  },
  EAI_AGAIN: {
    code: 'dns',
    text: (address) => `the DNS server gave no answer for ${address}`,
    nextStep: 'Check the DNS server and network of this machine.',
  },
  ECONNRESET: {
    code: 'reset',
    text: (address) => `the connection was closed by ${address} before the answer was complete`,
    nextStep: 'Look at its log, and at proxies and firewalls between.',
  },
  ETIMEDOUT: {
    code: 'timeout',
    text: (address) => `no connection to ${address}: packets go unanswered`,
    nextStep: 'Check host, port and firewall.',
  },
  EHOSTUNREACH: {
    code: 'unreachable',
    text: (address) => `no route to ${address}`,
    nextStep: 'Check network, VPN and firewall between this machine and the host.',
  },
  ECONNABORTED: {
    code: 'reset',
    text: (address) => `the connection to ${address} was aborted`,
    nextStep: 'Look at its log, and at proxies and firewalls between.',
  },
  EMFILE: {
    code: 'local',
    text: (address) => `this machine has no file descriptor left to reach ${address}`,
    nextStep: 'Raise the open-files limit (ulimit -n) or lower `concurrency`.',
  },
  EADDRNOTAVAIL: {
    code: 'local',
    text: (address) => `this machine has no local port or address left to reach ${address}`,
    nextStep: 'Lower `concurrency`, or look for another program that holds many connections.',
  },
  EACCES: {
    code: 'local',
    text: (address) => `this machine does not allow a connection to ${address}`,
    nextStep: 'Look at its firewall and at the policy that this program runs under.',
  },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {
    code: 'reset',
    text: (address) => `the answer of ${address} ended before its announced length`,
    nextStep: 'Look at its log, and at proxies between.',
  },
  UND_ERR_HEADERS_OVERFLOW: {
    code: 'too-large',
    text: (address) => `the answer headers of ${address} are larger than 32 KiB`,
    nextStep: 'Check that the address is the right one.',
  },
}
const SAME_AS: Readonly<Record<string, string>> = {
  EPIPE: 'ECONNRESET',
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  ENETUNREACH: 'EHOSTUNREACH',
  EHOSTDOWN: 'EHOSTUNREACH',
  ENETDOWN: 'EHOSTUNREACH',
  ENODATA: 'ENOTFOUND',
  EAI_NODATA: 'ENOTFOUND',
  EAI_FAIL: 'EAI_AGAIN',
  ENFILE: 'EMFILE',
  EPERM: 'EACCES',
  HPE_HEADER_OVERFLOW: 'UND_ERR_HEADERS_OVERFLOW',
}

function describeNetwork(error: unknown, where: string, address: string): SourceError {
  if (error instanceof RefusedAddressError) {
    return {
      code: 'address',
      text: `${where}${address} leads to ${error.address}, ${error.why}, which Floorwatch does not connect to`,
      nextStep: 'Correct the address; if it is a name, check what the DNS answers for it.',
    }
  }
  const code = errorCode(error)
  const known = NETWORK[SAME_AS[code] ?? code]
  if (known) return { code: known.code, text: where + known.text(address), nextStep: known.nextStep }
  const tls = describeTls(code, error, address)
  if (tls) return { code: 'tls', text: where + tls.text, nextStep: tls.nextStep }
  if (code.startsWith('HPE_')) {
    return {
      code: 'protocol',
      text: `${where}${address} does not speak HTTP`,
      nextStep: address.startsWith('http:')
        ? 'Check the port; if it is a TLS port, write https:// in the address.'
        : 'Check the port.',
    }
  }
  const message = error instanceof Error ? error.message : String(error)
  return {
    code: 'network',
    text: `${where}${address}: ${printable(message)}`,
    nextStep: 'Check the address and the network between.',
  }
}

/** The most telling code: of the error, of what it wraps, or of the first of several attempts. */
function errorCode(error: unknown, depth = 0): string {
  if (typeof error !== 'object' || error === null || depth > 4) return ''
  const { code, errors, cause, name } = error as Record<'code' | 'errors' | 'cause' | 'name', unknown>
  // undici leaves the code out where its parser gave only a sentence.
  if (name === 'HTTPParserError' && typeof code !== 'string') return 'HPE_UNKNOWN'
  // undici's wrapper says less than the socket error inside it.
  if (code === 'UND_ERR_SOCKET' && errorCode(cause, depth + 1) !== '') return errorCode(cause, depth + 1)
  if (typeof code === 'string') return code
  if (Array.isArray(errors)) return errorCode(errors[0], depth + 1)
  return errorCode(cause, depth + 1)
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
])

function describeTls(code: string, error: unknown, address: string): Omit<SourceError, 'code'> | null {
  if (UNTRUSTED.has(code)) {
    return {
      text: `the certificate of ${address} is signed by an unknown authority`,
      nextStep: 'Set `tls.ca` to the PEM file of the authority that signed it.',
    }
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      text: `the certificate of ${address} ${code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}`,
      nextStep: 'Renew the certificate; if it looks right, check the clock of this machine.',
    }
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return {
      text: `the certificate of ${address} is for another name`,
      nextStep: 'Use the name in the certificate, or set `tls.serverName` to it.',
    }
  }
  if (!/^(ERR_SSL|ERR_TLS|ERR_OSSL|CERT_|CRL_|EPROTO$)/.test(code)) return null
  const message = error instanceof Error ? error.message : ''
  if (
    /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|BAD_CERTIFICATE|certificate required|bad certificate/i.test(
      code + message,
    )
  ) {
    return {
      text: `${address} refused the TLS handshake, as servers do that want a client certificate`,
      nextStep: 'Set `tls.cert` and `tls.key` to a certificate that it accepts.',
    }
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|wrong version number/i.test(code + message)) {
    return {
      text: `${address} does not speak TLS on this port`,
      nextStep: 'Write http:// in the address, or use the TLS port.',
    }
  }
  return {
    text: `the TLS handshake with ${address} failed (${code})`,
    nextStep: 'Compare the TLS versions and certificates of both sides.',
  }
}

/** A status that is no success, with what the body says where it says something. */
export function describeStatus(status: number, place: Place, said = ''): SourceError {
  const address = redactUrl(place.address)
  const quoted = said === '' ? '' : ` ("${said.slice(0, 200)}")`
  const text = (what: string) => `${place.source}: HTTP ${status} from ${address}: ${what}${quoted}`
  const code = `http-${status}`
  if (status === 401) {
    return {
      code,
      text: text('the token or password was refused or is missing'),
      nextStep: 'Set or renew `bearer` or `basic`.',
    }
  }
  if (status === 403) {
    return {
      code,
      text: text('access is forbidden'),
      nextStep: 'Give this token or certificate the right to read, or use another one.',
    }
  }
  if (status === 404) {
    return { code, text: text('nothing is served at this path'), nextStep: 'Check the path in the address.' }
  }
  if (status === 429) {
    return {
      code,
      text: text('too many requests'),
      nextStep: 'Ask less often (raise the interval), or raise its limit.',
    }
  }
  if (status === 502 || status === 503 || status === 504) {
    return {
      code,
      text: text('it, or what stands behind it, is not available'),
      nextStep: 'Check that it is up and not starting or overloaded.',
    }
  }
  if (status >= 500) return { code, text: text('internal error'), nextStep: 'Look at its log.' }
  return { code, text: text('the request was refused'), nextStep: 'Check address and version of the server.' }
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(1))} s`
}

function bytes(count: number): string {
  if (count >= 1024 * 1024) return `${Number((count / 1024 / 1024).toFixed(1))} MiB`
  return count >= 1024 ? `${Number((count / 1024).toFixed(1))} KiB` : `${count} bytes`
}

/** Where a redirect leads, without its query: login pages carry tokens and long return addresses there. */
function redirectTarget(location: string, base: string): string {
  if (!URL.canParse(location, base)) return 'an unreadable address'
  const target = new URL(location, base)
  return printable(target.origin + target.pathname, 200)
}
