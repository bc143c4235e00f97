import { RequestFailure } from '../failure.ts'

/** An address that may be asked, taken apart once. */
export interface Destination {
  /** Whole, as given: whether a secret may go there is decided by it. */
  readonly address: string
  readonly origin: string
  /** With its query. */
  readonly path: string
}

/** @throws RequestFailure for what is no http or https address, and for one that holds user info: addresses are shown and logged */
export function destinationOf(address: string | URL): Destination {
  const url = URL.parse(String(address))
  if (url === null) throw new RequestFailure('address', 'the address is not a URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new RequestFailure('address', `the address starts with ${url.protocol}, expected http: or https:`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new RequestFailure('address', 'the address holds a user name or password')
  }
  return { address: url.href, origin: url.origin, path: url.pathname + url.search }
}
