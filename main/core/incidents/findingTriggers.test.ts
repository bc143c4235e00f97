import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOf } from '../../../shared/messages/format.ts'
import { said } from '../../../shared/messages/message.ts'
import { SEVERITY } from '../../../shared/model/figure.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { CONDITION } from '../../../shared/model/frame.ts'
import { EMPTY_TOPOLOGY, type Topology } from '../../../shared/model/topology.ts'
import { findingTriggers } from './findingTriggers.ts'

/** Racks of hosts of 8 GPUs: "r0-h0". */
function floor(racks: number, hostsOfRack: number): Topology {
  const hosts = Array.from({ length: racks * hostsOfRack }, (_, i) => {
    const rack = Math.floor(i / hostsOfRack)
    return { name: `r${rack}-h${i % hostsOfRack}`, rack, expected: 8 }
  })
  const rows = hosts.flatMap((_, host) => Array.from({ length: 8 }, (__, slot) => ({ host, slot })))
  return {
    ...EMPTY_TOPOLOGY,
    racks: Array.from({ length: racks }, (_, i) => ({ name: `R${i}`, floor: 0 })),
    hosts,
    gpus: {
      host: rows.map(({ host }) => host),
      slot: rows.map(({ slot }) => slot),
      type: rows.map(() => 0),
      uuid: rows.map(() => ''),
      workload: rows.map(() => -1),
      description: rows.map(() => 0),
    },
  }
}

function finding(topology: Topology, host: string, change: Partial<Finding> = {}): Finding {
  const at = topology.hosts.findIndex(({ name }) => name === host)
  return {
    id: `stale/${host}`,
    kind: 'stale',
    severity: 'critical',
    what: said('no answer for 40 s'),
    where: host,
    rows: [at * 8],
    gpus: 8,
    since: 1000 + at,
    by: null,
    nextStep: said('Look at the sources.'),
    ...change,
  }
}

function seen(topology: Topology, findings: readonly Finding[], lost: readonly string[] = []) {
  const size = topology.gpus.host.length
  const frame = { severity: new Uint8Array(size), conditions: new Uint16Array(size) }
  for (const [row, host] of topology.gpus.host.entries()) {
    if (!lost.includes(topology.hosts[host]?.name ?? '')) continue
    frame.conditions[row] = CONDITION.stale
    frame.severity[row] = SEVERITY.critical
  }
  return { findings, topology, frame }
}

const NONE = new Map<string, readonly string[]>()
const told = (triggers: ReturnType<typeof findingTriggers>) =>
  triggers.map(({ cause, priority, title }) => `P${priority} ${cause} ${textOf(title)}`)

describe('causes of critical findings', () => {
  const topology = floor(4, 4)

  it('are one for many GPUs of a host', () => {
    const xids = [0, 1, 2].map((slot) =>
      finding(topology, 'r1-h2', { id: `xid/r1-h2/${slot}/79`, kind: 'xid', gpus: 1, rows: [6 * 8 + slot] }),
    )
    expect(told(findingTriggers(seen(topology, xids), NONE))).toEqual([
      'P2 xid/host/r1-h2 r1-h2: XID errors on 3 GPUs',
    ])
  })

  it('are the rack where most of its hosts are lost, and the floor where most of that is', () => {
    const rack = ['r1-h0', 'r1-h1', 'r1-h2'].map((host) => finding(topology, host))
    const triggers = findingTriggers(seen(topology, [...rack, finding(topology, 'r3-h0')]), NONE)
    expect(told(triggers)).toEqual([
      'P2 lost/rack/R1 rack R1: 24 GPUs lost',
      'P2 lost/host/r3-h0 r3-h0: 8 GPUs lost',
    ])
    expect(triggers[0]).toMatchObject({
      at: 1004,
      covers: ['lost/host/r1-h0', 'lost/host/r1-h1', 'lost/host/r1-h2'],
    })
    const most = topology.hosts.slice(0, 10).map(({ name }) => finding(topology, name))
    expect(told(findingTriggers(seen(topology, most), NONE))).toEqual([
      'P1 lost/floor the whole floor: 80 GPUs lost',
    ])
  })

  it('count hosts for which the list of findings has no room', () => {
    const all = topology.hosts.map(({ name }) => name)
    const triggers = findingTriggers(seen(topology, [finding(topology, 'r0-h0')], all), NONE)
    expect(told(triggers)).toEqual(['P1 lost/floor the whole floor: 128 GPUs lost'])
  })

  it('stay as wide as their incident is, until all of it is over', () => {
    const open = new Map([['lost/rack/R1', ['r1-h0', 'r1-h1', 'r1-h2']]])
    const left = [finding(topology, 'r1-h1'), finding(topology, 'r2-h0')]
    expect(told(findingTriggers(seen(topology, left), open))).toEqual([
      'P2 lost/rack/R1 rack R1: 8 GPUs lost',
      'P2 lost/host/r2-h0 r2-h0: 8 GPUs lost',
    ])
  })

  it('are the whole floor where no exporter answers', () => {
    const none = finding(topology, '', {
      id: 'source/exporter/none',
      kind: 'source',
      where: 'a, b',
      rows: [],
      gpus: 0,
    })
    expect(told(findingTriggers(seen(topology, [none]), NONE))).toEqual([
      'P1 lost/floor the whole floor: 128 GPUs lost',
    ])
    // Nothing is known of a floor that was never seen, but that.
    expect(told(findingTriggers(seen(EMPTY_TOPOLOGY, [none]), NONE))).toEqual([
      'P2 source/exporter/none no answer for 40 s',
    ])
  })

  it('are not made of what is only advisory; a frozen exporter is to be looked at', () => {
    const frozen = finding(topology, 'r0-h0', { kind: 'frozen' })
    const mild = finding(topology, 'r0-h1', { severity: 'advisory' })
    expect(told(findingTriggers(seen(topology, [frozen, mild]), NONE))).toEqual([
      'P3 lost/host/r0-h0 r0-h0: 8 GPUs lost',
    ])
  })

  it('never put a host into two causes of one kind, or leave one out', () => {
    const hosts = topology.hosts.map(({ name }) => name)
    fc.assert(
      fc.property(
        fc.subarray(hosts),
        fc.array(fc.tuple(fc.constantFrom('lost/floor', 'lost/rack/R1', 'lost/rack/R2'), fc.subarray(hosts))),
        (hit, open) => {
          const triggers = findingTriggers(
            seen(
              topology,
              hit.map((host) => finding(topology, host)),
            ),
            new Map(open),
          )
          expect(triggers.flatMap((trigger) => trigger.hosts).toSorted()).toEqual(hit.toSorted())
          const causes = triggers.map(({ cause }) => cause)
          expect(new Set(causes).size).toBe(causes.length)
          for (const { cause, covers } of triggers) expect(covers).not.toContain(cause)
        },
      ),
    )
  })
})
