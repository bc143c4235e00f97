import { describe, expect, it } from 'vitest'
import { createWorld } from '../testing/series.ts'
import { listClients } from './clients.ts'
import { expectedLoad } from './rhythm.ts'

const { factory } = createWorld({ hosts: 132 })
const { site, placement } = factory
const clients = listClients(site, placement, 1)

describe('listClients', () => {
  it('is the same for the same seed, and gives every serving deployment shares that add up to 1', () => {
    expect(listClients(site, placement, 1)).toEqual(clients)
    placement.deployments.forEach(({ spec }, d) => {
      const own = clients.filter((client) => client.deployment === d)
      expect(own.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(spec.kind === 'serving' ? 1 : 0, 9)
    })
  })

  it('is heavy-tailed: meridian takes about half of all tokens, forty small tenants share little', () => {
    const evening = { hour: 18, weekend: false }
    const rate = (passes: (tenant: string) => boolean) =>
      clients.reduce((sum, { deployment, tenant, share }) => {
        const of = placement.deployments[deployment]
        return of && passes(tenant) ? sum + share * of.capacity * expectedLoad(of.spec, evening) : sum
      }, 0)
    const whole = rate(() => true)
    expect(rate((tenant) => tenant === 'meridian') / whole).toBeGreaterThan(0.42)
    expect(rate((tenant) => tenant === 'meridian') / whole).toBeLessThan(0.62)
    const namespaces = new Set(placement.deployments.map(({ spec }) => spec.tenant))
    const small = new Set(clients.map(({ tenant }) => tenant).filter((tenant) => !namespaces.has(tenant)))
    expect(small.size).toBeGreaterThan(35)
    expect(rate((tenant) => small.has(tenant)) / whole).toBeLessThan(0.15)
  })

  it('names no stream twice', () => {
    const names = clients.map(({ key, model, endpoint, gpuType }) => `${key}/${model}/${endpoint}/${gpuType}`)
    expect(new Set(names).size).toBe(names.length)
  })
})
