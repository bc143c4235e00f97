import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { addressGuard, guardedLookup, RefusedAddressError, refuseLiteral } from './addressGuard.ts'

describe('addressGuard', () => {
  it.each([
    ['169.254.169.254', 'a cloud metadata address'],
    ['fd00:ec2::254', 'a cloud metadata address'],
    ['100.100.100.200', 'a cloud metadata address'],
    ['::ffff:169.254.169.254', 'a cloud metadata address'],
    ['64:ff9b::169.254.169.254', 'a cloud metadata address'],
    ['64:ff9b::a9fe:a9fe', 'a cloud metadata address'],
    ['2002:a9fe:a9fe::1', 'a cloud metadata address'],
    ['::169.254.169.254', 'a cloud metadata address'],
    ['169.254.0.1', 'a link-local address'],
    ['fe80::1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['febf:ffff::1', 'a link-local address'],
    ['[fe80::1]', 'a link-local address'],
    ['0.0.0.0', 'an unspecified address'],
    ['::', 'an unspecified address'],
    ['::ffff:0.0.0.0', 'an unspecified address'],
    ['224.0.0.1', 'a multicast, broadcast or reserved address'],
    ['255.255.255.255', 'a multicast, broadcast or reserved address'],
    ['ff02::1', 'a multicast, broadcast or reserved address'],
    ['not-an-address', 'not an IP address'],
  ])('refuses %s as %s', (ip, why) => {
    expect(addressGuard(ip)).toBe(why)
  })

  it.each([
    '127.0.0.1',
    '::1',
    '10.0.0.1',
    '172.16.3.4',
    '192.168.1.1',
    '100.64.0.1',
    'fd12::1',
    '2001:db8::1',
    '8.8.8.8',
    '::ffff:10.0.0.1',
    '64:ff9b::10.1.2.3',
    'fec0::1',
  ])('allows %s', (ip) => {
    expect(addressGuard(ip)).toBeNull()
  })
})

type Resolve = Parameters<typeof guardedLookup>[1]
const answering = (addresses: LookupAddress[]): Resolve =>
  ((_name: string, _options: object, callback: (error: null, found: LookupAddress[]) => void) =>
    callback(null, addresses)) as unknown as Resolve

function lookedUp(addresses: LookupAddress[], all: boolean) {
  return new Promise<unknown>((resolve) => {
    guardedLookup(addressGuard, answering(addresses))('prom.example', { all }, (error, found, family) =>
      resolve(error ?? (all ? found : [found, family])),
    )
  })
}

describe('guardedLookup', () => {
  const good = { address: '10.0.0.7', family: 4 }
  const metadata = { address: '169.254.169.254', family: 4 }

  it('connects to the allowed addresses of a mixed answer alone', async () => {
    expect(await lookedUp([metadata, good], true)).toEqual([good])
    expect(await lookedUp([metadata, good], false)).toEqual(['10.0.0.7', 4])
  })

  it('fails when a name leads to refused addresses only', async () => {
    const error = await lookedUp([metadata], true)
    expect(error).toBeInstanceOf(RefusedAddressError)
    expect(String(error)).toContain('169.254.169.254 is a cloud metadata address')
  })

  it('fails on an empty answer', async () => {
    expect(await lookedUp([], true)).toBeInstanceOf(RefusedAddressError)
  })
})

describe('refuseLiteral', () => {
  it('checks addresses that never reach the DNS, and leaves names to the look-up', () => {
    expect(refuseLiteral(addressGuard, '[fe80::1]')).toBeInstanceOf(RefusedAddressError)
    expect(refuseLiteral(addressGuard, '169.254.169.254')).toBeInstanceOf(RefusedAddressError)
    expect(refuseLiteral(addressGuard, '127.0.0.1')).toBeNull()
    expect(refuseLiteral(addressGuard, 'metadata.example')).toBeNull()
  })
})
