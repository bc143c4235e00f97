import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressName, DEFAULT_HOST_LABELS, hostNameOf } from './hostName.ts'

function named(
  labels: Record<string, string>,
  more: { target?: Record<string, string>; source?: string; listed?: string[]; hostLabels?: string[] } = {},
) {
  return hostNameOf(new Map(Object.entries(labels)), {
    target: new Map(Object.entries(more.target ?? {})),
    source: more.source ?? '10.0.0.1:9400',
    hostLabels: more.hostLabels ?? DEFAULT_HOST_LABELS,
    isListed: (name) => more.listed?.includes(name) ?? false,
  })
}

describe('the name of a machine', () => {
  it.each([
    ['its Hostname', { Hostname: 'h-1' }, {}, 'h-1'],
    ['its hostname', { hostname: 'h-1' }, {}, 'h-1'],
    ['the address where nothing names it', {}, {}, '10.0.0.1'],
    ['the address where it is called localhost', { Hostname: 'localhost' }, {}, '10.0.0.1'],
    ['the instance before the source', { instance: '10.2.0.9:9400' }, { source: 'Prometheus' }, '10.2.0.9'],
    ['the node where Hostname is a pod', { Hostname: 'nvidia-dcgm-exporter-7xk2p', node: 'n-7' }, {}, 'n-7'],
    ['the pod where no label says more', { Hostname: 'dcgm-exporter-7xk2p' }, {}, 'dcgm-exporter-7xk2p'],
    ['the node of discovery', { Hostname: 'localhost' }, { target: { node: 'n-7' } }, 'n-7'],
    ['what the inventory lists', { Hostname: 'ip-10-0-0-1', node: 'h-1' }, { listed: ['h-1'] }, 'h-1'],
    [
      'the label that the configuration trusts',
      { Hostname: 'a', rack_host: 'b' },
      { hostLabels: ['rack_host'] },
      'b',
    ],
  ])('is %s', (_, labels, more, expected) => {
    expect(named(labels, more).name).toBe(expected)
  })

  it('says which label is wrong', () => {
    expect(named({ Hostname: 'localhost' })).toMatchObject({ wrong: 'Hostname=localhost', byAddress: true })
    expect(named({ Hostname: 'h-1' })).toMatchObject({ wrong: null, byAddress: false })
  })

  it.each([
    ['10.20.0.11:9400', '10.20.0.11'],
    ['gpu-7.example.net:9400', 'gpu-7.example.net'],
    ['[fe80::2]:9400', 'fe80::2'],
    ['http://10.0.0.3:9400/metrics', '10.0.0.3'],
    ['127.0.0.1:9401', '127.0.0.1:9401'],
    ['localhost:9401', 'localhost:9401'],
    ['10.0.0.3:9400/gpu/metrics', '10.0.0.3:9400/gpu/metrics'],
    ['', ''],
  ])('of the address %s is %s', (address, name) => {
    expect(addressName(address)).toBe(name)
  })

  it('property: is never a name that every machine gives itself, unless nothing else is known', () => {
    const value = fc.constantFrom('', 'localhost', '127.0.0.1', 'h-1', 'dcgm-exporter-abc12', '(none)')
    fc.assert(
      fc.property(value, value, value, (Hostname, hostname, node) => {
        const { name } = named({ Hostname, hostname, node })
        expect(['h-1', 'dcgm-exporter-abc12', '10.0.0.1']).toContain(name)
      }),
    )
  })
})
