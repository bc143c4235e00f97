import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../shared/model/finding.ts'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import { placeOf } from '../floor.ts'
import { parseRoute } from '../navigation.ts'
import { placeOf as tenantOf } from '../tenants/address.ts'
import { placeOf as tokensOf } from '../tokens/address.ts'
import { placeOf as jobOf } from '../workflows/address.ts'
import { findFindings, findGpus, findHosts, findRacks, findXids } from './floor.ts'
import { MOST_FOUND } from './found.ts'
import { findInDimension, findJobs, findTenants } from './tokens.ts'
import { said } from '../../../shared/messages/message.ts'

const { topology } = syntheticFleet({ gpus: 1024 })
const [host] = topology.hosts
const name = host?.name ?? ''
const params = (to: string | undefined) => parseRoute(to ?? '').params

describe('the palette finds', () => {
  it('hosts and racks by a part of their names, with where they stand', () => {
    const [found] = findHosts(topology, name)
    expect(found?.title).toBe(name)
    expect(placeOf(params(found?.to))).toEqual({ kind: 'host', host: name })
    const rack = topology.racks[host?.rack ?? -1]?.name ?? ''
    expect(findRacks(topology, rack.toLowerCase())[0]?.title).toBe(rack)
  })

  it('a GPU by its host and number, and by its UUID', () => {
    for (const query of [`${name} 3`, `${name} gpu 3`, `${name} · GPU 3`, topology.gpus.uuid[3] ?? '']) {
      expect.soft(findGpus(topology, query)[0]?.title, query).toBe(`${name} · GPU 3`)
    }
    expect(placeOf(params(findGpus(topology, `${name} 3`)[0]?.to))).toEqual({
      kind: 'gpu',
      host: name,
      slot: 3,
    })
    expect(findGpus(topology, 'gpu')).toEqual([])
    expect(findGpus(topology, 'h').length).toBeLessThanOrEqual(MOST_FOUND)
  })

  it('an XID by its number and its name; the floor then shows it', () => {
    expect(findXids('xid 79')[0]?.title).toContain('XID 79')
    expect(findXids('fallen off')[0]?.id).toBe('xid.79')
    expect(params(findXids('79')[0]?.to)).toEqual({ find: 'xid 79' })
  })

  it('a finding, which leads to its GPU, to its host where it is of several, and to the sources', () => {
    const finding = (rows: number[], kind: Finding['kind'] = 'xid'): Finding => ({
      id: 'f',
      kind,
      severity: 'critical',
      what: said('XID 79 · fallen off the bus'),
      where: `${name} · GPU 3`,
      rows,
      gpus: rows.length,
      since: 0,
      by: null,
      nextStep: said(''),
    })
    const to = (of: Finding) => findFindings([of], topology, 'bus')[0]?.to
    expect(placeOf(params(to(finding([3]))))).toEqual({ kind: 'gpu', host: name, slot: 3 })
    expect(placeOf(params(to(finding([3, 4]))))).toEqual({ kind: 'host', host: name })
    expect(parseRoute(to(finding([], 'source')) ?? '').view).toBe('sources')
  })

  it('a tenant by name and id, a model, an endpoint and a job, each with its place', () => {
    const tenants = {
      ids: ['t-1', 't-2'],
      names: ['Meridian', ''],
      states: ['active', 'blocked'],
    } as unknown as Parameters<typeof findTenants>[0]
    expect(tenantOf(params(findTenants(tenants, 'meri')[0]?.to)).tenant).toBe('t-1')
    expect(findTenants(tenants, 't-2')[0]?.title).toBe('t-2')
    const rows = [{ name: 'llama, 70b' }, { name: '' }] as unknown as Parameters<typeof findInDimension>[1]
    expect(tokensOf(params(findInDimension('model', rows, 'llama')[0]?.to))).toMatchObject({
      by: 'model',
      filters: { model: ['llama, 70b'] },
    })
    const jobs = [{ id: 'wf-9', name: 'nightly', tenant: 't-1', outcome: 'failed' }] as unknown as Parameters<
      typeof findJobs
    >[0]
    const job = params(findJobs(jobs, 'wf-9')[0]?.to)
    expect([jobOf(job).job, tenantOf(job).tenant]).toEqual(['wf-9', 't-1'])
  })
})
