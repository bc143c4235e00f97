import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { incidentItemSchema, incidentsItemSchema } from '../../../shared/contract/incidents.ts'
import { textOf } from '../../../shared/messages/format.ts'
import { message, said } from '../../../shared/messages/message.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { FIGURE } from '../../../shared/model/figure.ts'
import { EMPTY_TOPOLOGY, type Topology } from '../../../shared/model/topology.ts'
import { manualClock } from '../../platform/clock.ts'
import { createLogger } from '../../platform/logger.ts'
import { noStore, openStore, type Store } from '../../store/index.ts'
import { type SeenSite, watchIncidents } from './watch.ts'

const logger = createLogger({ level: 'silent' })
const ANA = { id: 'ana', name: 'Ana Lima' }

const TOPOLOGY: Topology = {
  ...EMPTY_TOPOLOGY,
  version: 1,
  racks: [{ name: 'R1', floor: 0 }],
  hosts: [
    { name: 'h-1', rack: 0, expected: 1 },
    { name: 'h-2', rack: 0, expected: 1 },
    { name: 'h-3', rack: 0, expected: 1 },
  ],
  gpus: {
    host: [0, 1, 2],
    slot: [0, 0, 0],
    type: [0, 0, 0],
    uuid: ['', '', ''],
    workload: [-1, -1, -1],
    description: [0, 0, 0],
  },
}

function xid(row: number): Finding {
  return {
    id: `xid/h-${row + 1}/0/79`,
    kind: 'xid',
    severity: 'critical',
    what: said('XID 79 · GPU has fallen off the bus'),
    where: `h-${row + 1} · GPU 0`,
    rows: [row],
    gpus: 1,
    since: Date.UTC(2026, 11, 1, 3),
    by: null,
    nextStep: said('Drain the host.'),
  }
}

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'floorwatch-incidents-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const clock = manualClock({ now: Date.UTC(2026, 11, 1, 3) })
  const seen = { findings: [] as Finding[], heard: true }
  const site = {
    findings: () => ({ findings: seen.findings, total: seen.findings.length }),
    sources: () => [],
    fleet: {
      topology: () => TOPOLOGY,
      frame: () => ({
        state: new Uint8Array(3).fill(seen.heard ? FIGURE.ok : FIGURE.absent),
        ageMs: new Uint32Array(3).fill(seen.heard ? 1000 : 0xffff_ffff),
        severity: new Uint8Array(3),
        conditions: new Uint16Array(3),
      }),
    },
  } as unknown as SeenSite
  const open = (): Store => {
    const store = openStore({ folder, clock, logger })
    onTestFinished(() => store.close())
    return store
  }
  function watch(store: Store) {
    const incidents = watchIncidents({ store, clock, logger, alone: false })
    return {
      incidents,
      see(seconds: number) {
        for (let i = 0; i < seconds; i += 1) {
          clock.advance(1000)
          incidents.look(site, null)
        }
      },
      ids: () =>
        incidentsItemSchema.parse(incidents.list()).incidents.map(({ id, state }) => `${id} ${state}`),
      lines: (id: string) =>
        incidentItemSchema
          .parse(incidents.incident(id))
          .entries.map(({ message: words, text }) => `${textOf(words)}${text === '' ? '' : `: ${text}`}`),
    }
  }
  return { seen, clock, open, watch }
}

describe('incidents of a site', () => {
  it('are all there after a restart, with everything that was done', () => {
    const { seen, open, watch } = place()
    seen.findings = [xid(0)]
    const store = open()
    const first = watch(store)
    first.see(20)
    expect(first.ids()).toEqual(['INC-1 open'])
    first.incidents.act('INC-1', { kind: 'acknowledge', reason: 'on my way' }, ANA)
    first.incidents.act('INC-1', { kind: 'note', text: 'card reseated' }, ANA)
    const lines = first.lines('INC-1')
    store.close()
    // Nothing answers after the restart: what is known is not lost, and nothing recovers.
    Object.assign(seen, { findings: [], heard: false })
    const second = watch(open())
    expect(second.ids()).toEqual(['INC-1 open'])
    expect(second.lines('INC-1')).toEqual(lines)
    second.see(600)
    expect(second.incidents.list().incidents[0]).toMatchObject({
      state: 'open',
      acknowledged: { by: ANA, reason: 'on my way' },
      unknown: { why: { id: 'incidents.unknown.host', values: { host: 'h-1' } } },
    })
    seen.heard = true
    second.see(130)
    expect(second.ids()).toEqual(['INC-1 recovered'])
  })

  it('are not closed by an act that could not be written down', () => {
    const { seen, open, watch } = place()
    seen.findings = [xid(0)]
    const store = open()
    const { incidents, see, lines } = watch(store)
    see(20)
    store.write(true, (db) => db.pragma('max_page_count = 1'))
    const long = 'x'.repeat(2000)
    const fill = () => {
      for (let i = 0; i < 200; i += 1) incidents.act('INC-1', { kind: 'note', text: long }, ANA)
    }
    expect(fill).toThrow('Not done, because it could not be written down: There is no room left')
    expect(store.health().state).toBe('full')
    expect(incidents.list()).toMatchObject({ notKept: { id: 'store.full' } })
    const before = lines('INC-1').length
    // What the engine sees goes on, and is written down when there is room again.
    seen.findings = []
    see(130)
    expect(lines('INC-1')).toHaveLength(before + 1)
    store.write(true, (db) => db.pragma('max_page_count = 100000'))
    see(10)
    expect(incidents.list().notKept).toBeNull()
    store.close()
    expect(watch(open()).lines('INC-1')).toHaveLength(before + 1)
  })

  it('are seen without a store too, and say so', () => {
    const { seen, clock, watch } = place()
    seen.findings = [xid(0), xid(1), xid(2)]
    const { incidents, see, ids, lines } = watch(noStore(message('store.notKept'), clock.now()))
    see(20)
    expect(ids()).toEqual(['INC-1 open'])
    expect(incidents.list().notKept).toEqual(message('store.notKept'))
    incidents.act('INC-1', { kind: 'note', text: 'by hand' }, ANA)
    expect(lines('INC-1').at(-1)).toBe('Note: by hand')
  })

  it('of an engine without a store join those that the store has, once it opens', () => {
    const { seen, clock, open, watch } = place()
    seen.findings = [xid(0)]
    const store = open()
    const first = watch(store)
    first.see(20)
    // Another engine of the site: the file is taken.
    const second = watch(open())
    seen.findings = [xid(0), { ...xid(1), id: 'ecc/h-2/0', kind: 'ecc' }]
    second.see(20)
    expect(second.ids().toSorted()).toEqual(['INC-1 open', 'INC-2 open'])
    second.incidents.act('INC-1', { kind: 'note', text: 'seen there' }, ANA)
    store.close()
    clock.advance(30_000)
    second.see(10)
    expect(second.incidents.list().notKept).toBeNull()
    expect(second.ids().toSorted()).toEqual(['INC-1 open', 'INC-2 open'])
    expect(second.lines('INC-1')).toEqual([
      'Opened as P3: h-1: XID errors on 1 GPU',
      'Opened as P3: h-1: XID errors on 1 GPU',
      'Note: seen there',
    ])
  })

  it('never change a line that was written: records are added alone', () => {
    const { seen, open, watch } = place()
    const store = open()
    const { incidents, see } = watch(store)
    const rows = (): unknown[] =>
      store.database()?.prepare('SELECT * FROM incidentEntry ORDER BY seq').all() ?? []
    let known: unknown[] = []
    const grown = (): void => {
      const now = rows()
      expect(now.slice(0, known.length)).toEqual(known)
      known = now
    }
    for (let i = 0; i < 3; i += 1) {
      seen.findings = [xid(0)]
      see(300)
      grown()
      incidents.act('INC-1', { kind: 'assign', to: i === 1 ? null : 'B. Silva' }, ANA)
      incidents.addEntry('INC-1', { kind: 'throttle', eventAt: 5, who: null, message: said('throttled') })
      grown()
      seen.findings = []
      see(900)
      grown()
      incidents.act('INC-1', { kind: 'resolve', reason: 'over' }, ANA)
      incidents.act('INC-1', { kind: 'reopen', reason: 'not over' }, ANA)
      grown()
    }
    expect(known.length).toBeGreaterThan(15)
  })

  it('whose record is damaged are counted, and the others are there', () => {
    const { seen, open, watch } = place()
    seen.findings = [xid(0), { ...xid(1), id: 'ecc/h-2/0', kind: 'ecc' }]
    const store = open()
    watch(store).see(20)
    store.write(true, (db) =>
      db.prepare(`UPDATE incident SET body = replace(body, '"id"', '"ie"') WHERE number = 1`).run(),
    )
    const again = watch(store)
    expect(again.incidents.list()).toMatchObject({ unreadable: 1, incidents: [{ id: 'INC-2' }] })
    expect(again.incidents.incident('INC-1').incident).toBeNull()
  })

  it('stay readable where a later version has no such text any more', () => {
    const { seen, open, watch } = place()
    seen.findings = [xid(0)]
    const store = open()
    watch(store).see(20)
    for (const table of ['incident', 'incidentEntry']) {
      const rename = `UPDATE ${table} SET body = replace(body, 'incidents.title.xid', 'incidents.title.retired')`
      store.write(true, (db) => db.prepare(rename).run())
    }
    const again = watch(store)
    const [row] = again.incidents.list().incidents
    expect(row && textOf(row.title)).toBe('h-1: XID errors on 1 GPU')
    expect(again.lines('INC-1')).toEqual(['Opened as P3: h-1: XID errors on 1 GPU'])
  })
})
