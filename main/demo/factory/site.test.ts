import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion, buildSite } from './site.ts'

const build = (hosts: number, migHosts: number | null = null) =>
  buildSite({ seed: 1, hosts, gpusPerHost: 8, migHosts })

describe('buildSite', () => {
  it('has by default three floors of eleven racks with four types and more than 1,024 GPUs', () => {
    const site = build(132)
    expect(site.floors).toHaveLength(3)
    expect(site.racks).toHaveLength(33)
    expect(site.gpuCount).toBe(1056)
    expect(new Set(site.hosts.map((host) => host.board.name))).toEqual(
      new Set(['H100', 'H200', 'B200', 'A100']),
    )
    expect(site.hosts.filter((host) => host.mig !== 'none')).toHaveLength(4)
    expect(site.hosts[0]?.name).toBe('h-0001')
    expect(site.hosts.at(-1)?.name).toBe('h-0132')
  })

  it('gives every size a whole floor: each host in one rack, each GPU on one host', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 8 }), (hosts, gpusPerHost) => {
        const site = buildSite({ seed: 1, hosts, gpusPerHost, migHosts: null })
        expect(site.hosts).toHaveLength(hosts)
        expect(site.gpuCount).toBe(hosts * gpusPerHost)
        const covered = site.racks.flatMap((rack, r) =>
          site.hosts.slice(rack.firstHost, rack.endHost).map((host) => {
            expect(host.rack).toBe(r)
            expect(host.board).toBe(rack.board)
            return host.name
          }),
        )
        expect(covered).toEqual(site.hosts.map((host) => host.name))
        expect(new Set(site.racks.map((rack) => rack.name)).size).toBe(site.racks.length)
        expect(site.racks.every((rack) => rack.endHost > rack.firstHost)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('has all types from six hosts on', () => {
    expect(new Set(build(6).hosts.map((host) => host.board.name)).size).toBe(4)
  })

  it('cuts as many A100 hosts as asked and never more than there are', () => {
    expect(build(132, 0).instances).toHaveLength(0)
    expect(build(132, 9999).hosts.filter((host) => host.mig !== 'none')).toHaveLength(16)
    for (const instance of build(132, 2).instances) expect(instance.compute).toBeLessThanOrEqual(7)
  })
})

describe('apportion', () => {
  it('gives away exactly the total and something to each while there is enough', () => {
    const shares = fc.array(fc.double({ min: 0.1, max: 20, noNaN: true }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), shares, (total, weights) => {
        const parts = apportion(total, weights)
        expect(parts.reduce((a, b) => a + b, 0)).toBe(Math.max(0, total))
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(total >= weights.length ? 1 : 0)
      }),
    )
  })
})
