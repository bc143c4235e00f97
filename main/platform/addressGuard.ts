import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/**
 * Addresses that no exporter or Prometheus has any business at, and that a forged DNS answer would aim at. Loopback and
 * private ranges stay allowed: exporters live there.
 */
const REFUSED: readonly { why: string; list: BlockList }[] = [
  {
    // First, because most of them also lie inside a link-local range and this is the more telling reason.
    why: 'a cloud metadata address',
    list: blockList([
      ['169.254.169.254', 32],
      ['169.254.170.2', 32],
      ['100.100.100.200', 32],
      ['168.63.129.16', 32],
      ['192.0.0.192', 32],
      ['fd00:ec2::254', 128],
      ['fd20:ce::254', 128],
    ]),
  },
  {
    why: 'a link-local address',
    list: blockList([
      ['169.254.0.0', 16],
      ['fe80::', 10],
    ]),
  },
  {
    why: 'an unspecified address',
    list: blockList([
      ['0.0.0.0', 8],
      ['::', 128],
    ]),
  },
  {
    why: 'a multicast, broadcast or reserved address',
    list: blockList([
      ['224.0.0.0', 3],
      ['ff00::', 8],
    ]),
  },
]

function blockList(subnets: readonly [string, number][]): BlockList {
  const list = new BlockList()
  for (const [address, prefix] of subnets)
    list.addSubnet(address, prefix, isIP(address) === 4 ? 'ipv4' : 'ipv6')
  return list
}

/** Refused by the guard. `code` is what Node's socket errors carry, so that it travels through the connector. */
export class RefusedAddressError extends Error {
  readonly code = 'FLOORWATCH_ADDRESS'
  readonly address: string
  readonly why: string

  constructor(address: string, why: string) {
    super(`${address} is ${why}`)
    this.name = 'RefusedAddressError'
    this.address = address
    this.why = why
  }
}

/** Why an IP address is refused ("a link-local address"), or null where it is allowed. */
export type AddressGuard = (ip: string) => string | null

export const addressGuard: AddressGuard = (ip) => {
  const bare = ip.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const family = isIP(bare)
  if (family === 0) return 'not an IP address'
  const carried = family === 6 ? carriedIpv4(bare) : null
  for (const { why, list } of REFUSED) {
    if (list.check(bare, family === 4 ? 'ipv4' : 'ipv6')) return why
    if (carried !== null && list.check(carried, 'ipv4')) return why
  }
  return null
}

/**
 * The IPv4 address inside an IPv6 one: mapped and compatible (::/96, ::ffff/96), NAT64 (64:ff9b::/96) and 6to4
 * (2002::/16), through any of which a gateway would reach it. Null where there is none.
 */
function carriedIpv4(ipv6: string): string | null {
  // The URL parser expands, lower-cases and turns a dotted tail into groups.
  const host = new URL(`http://[${ipv6}]/`).hostname.slice(1, -1)
  const [left = '', right] = host.split('::')
  const head = left === '' ? [] : left.split(':')
  const tail = right === undefined || right === '' ? [] : right.split(':')
  const missing = right === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array<string>(missing).fill('0'), ...tail].map((text) =>
    Number.parseInt(text, 16),
  )
  const startsWith = (...prefix: number[]) => prefix.every((group, index) => groups[index] === group)
  if (startsWith(0x2002)) return dotted(groups[1], groups[2])
  if (startsWith(0, 0, 0, 0, 0, 0xffff) || startsWith(0x64, 0xff9b, 0, 0, 0, 0))
    return dotted(groups[6], groups[7])
  if (startsWith(0, 0, 0, 0, 0, 0) && groups[6] !== 0) return dotted(groups[6], groups[7])
  return null
}

function dotted(high = 0, low = 0): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}

/**
 * A `lookup` for sockets that drops refused addresses from the DNS answer, so that the address which was checked is
 * the one that is connected to (no second look-up to rebind). Fails when nothing is left.
 */
export function guardedLookup(
  guard: AddressGuard,
  resolve: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) {
        callback(error, '')
        return
      }
      const allowed = addresses.filter(({ address }) => guard(address) === null)
      const [first] = allowed
      if (first === undefined) {
        const refused = addresses[0]?.address ?? hostname
        callback(new RefusedAddressError(refused, guard(refused) ?? 'not an IP address'), '')
      } else if (options.all === true) {
        callback(null, allowed)
      } else {
        callback(null, first.address, first.family)
      }
    })
  }
}

/** Checks a host that may be a literal address, for which a socket never calls `lookup`. */
export function refuseLiteral(guard: AddressGuard, hostname: string): RefusedAddressError | null {
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (isIP(bare.replace(/%.*$/, '')) === 0) return null
  const why = guard(bare)
  return why === null ? null : new RefusedAddressError(bare, why)
}
