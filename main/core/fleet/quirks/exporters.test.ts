import { describe, expect, it } from 'vitest'
import { NEVER } from '../../../../shared/model/frame.ts'
import {
  type Sample,
  fleetWith,
  gpu,
  gpuLabels,
  inventoryOf,
  rowOf,
  scraper,
  SECOND,
  START,
} from '../testkit.ts'
import { plainly } from '../../../../test/support/plainly.ts'

/** One test per quirk of real exporters; numbers are issues of dcgm-exporter unless another project is named: exporters that lie, boards that change. */
const LIVE = { smActive: 0.5, power: 400, energy: 1e9 }

const zero = (s: number) => gpu('h-1', 0, { ...LIVE, energy: 1e9 + s })

describe('exporters that lie', () => {
  it('sees a frozen exporter although it answers (gpu-monitoring-tools#188), and its thaw at once', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    let s = 0
    const run = (until: number, moves: boolean) => {
      for (; s <= until; s += 5) {
        exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + (moves ? s : 60) }), START + s * SECOND)
        fleet.evaluate(START + s * SECOND)
      }
    }
    run(60, true)
    expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
    run(200, false)
    const frozen = rowOf(fleet, 'h-1', 0)
    expect([frozen.state, frozen.conditions, frozen.ageMs]).toEqual(['stale', ['frozen'], 140 * SECOND])
    expect(frozen.figure('power')).toBe('stale')
    expect(fleet.power().watts).toBeNull()
    expect(plainly(fleet.findings()).findings.map(({ id, since }) => [id, since])).toEqual([
      ['frozen/h-1', START + 60 * SECOND],
    ])
    run(205, true)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', conditions: [], ageMs: 0 })
  })

  it('shows figures of a frozen exporter that then falls silent as old as they are', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 200; s += 5) {
      exporter.answer(gpu('h-1', 0, LIVE), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    fleet.release('a')
    for (let s = 205; s <= 300; s += 5) {
      fleet.evaluate(START + s * SECOND)
      expect(rowOf(fleet, 'h-1', 0).state).toBe('stale')
      expect(rowOf(fleet, 'h-1', 0).ageMs).toBe(s * SECOND)
      expect(rowOf(fleet, 'h-1', 0).presence).toBe('unlisted')
    }
  })

  it.each([
    ['with other boards', 'GPU-other'],
    ['with its own boards', 'GPU-own'],
  ])('does not call a host frozen that comes back %s after a long silence', (_, uuid) => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    const say = (s: number, more: Record<string, string>) => {
      exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + s }, more), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    for (let s = 0; s <= 60; s += 5) say(s, { UUID: 'GPU-own' })
    for (let s = 65; s < 600; s += 5) fleet.evaluate(START + s * SECOND)
    say(600, { UUID: uuid })
    expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
    expect(plainly(fleet.findings()).findings.filter(({ kind }) => kind === 'frozen')).toEqual([])
  })

  it('does not call a host frozen whose GPUs were out of its answers for long', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 300; s += 5) {
      const there = s <= 60 || s === 300
      exporter.answer(there ? zero(s) : [], START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', conditions: [] })
  })

  it('knows that dcgm-exporter collects every 30 s: equal answers between changes are no freeze', () => {
    const fleet = fleetWith({ freezeAfterMs: 20 * SECOND })
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 900; s += 5) {
      exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + Math.floor(s / 30) }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      // The floor of 20 s is too low for this exporter, which is learnt from its first two changes.
      expect(s > 60 ? rowOf(fleet, 'h-1', 0).state : 'ok').toBe('ok')
    }
  })

  it('does not call a host frozen that sends nothing which always moves', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 900; s += 5)
      exporter.answer(gpu('h-1', 0, { gpuUtil: 0, gpuTemp: 28 }), START + s * SECOND)
    fleet.evaluate(START + 900 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).state).toBe('zero')
  })

  it('believes a suspicion from outside until a figure moves', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'prometheus')
    exporter.answer(gpu('h-1', 0, LIVE), START)
    fleet.suspectFrozen('prometheus', START - 600 * SECOND)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({
      state: 'stale',
      conditions: ['frozen'],
      ageMs: 600 * SECOND,
    })
    exporter.answer(gpu('h-1', 0, { ...LIVE, power: 401 }), START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', conditions: [] })
  })

  it('takes a suspicion back of the machines that it was about, and of no others', () => {
    const fleet = fleetWith()
    const [a, b] = [scraper(fleet, 'a'), scraper(fleet, 'b')]
    a.answer(gpu('h-1', 0, LIVE), START)
    b.answer(gpu('h-2', 0, LIVE), START)
    for (const source of ['a', 'b']) fleet.suspectFrozen(source, START - 600 * SECOND)
    fleet.suspectFrozen('a', null)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).conditions).toEqual([])
    expect(rowOf(fleet, 'h-2', 0).conditions).toEqual(['frozen'])
  })

  it('forgets the oldest names of a source that makes names up', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let round = 0; round < 12; round++) {
      const at = START + round * 20 * SECOND
      exporter.answer(
        Array.from({ length: 1000 }, (_, i) => gpu(`h-${round}-${i}`, 0, { power: 300 })).flat(),
        at,
      )
      fleet.evaluate(at)
      fleet.evaluate(at + 15 * SECOND)
    }
    fleet.evaluate(START + 11 * 20 * SECOND + 30 * SECOND)
    fleet.evaluate(START + 11 * 20 * SECOND + 31 * SECOND)
    const { hosts } = fleet.topology()
    expect(hosts).toHaveLength(4096 + 1000)
    expect(hosts.some(({ name }) => name.startsWith('h-0-'))).toBe(false)
    expect(hosts.filter(({ name }) => name.startsWith('h-11-'))).toHaveLength(1000)
  })

  it('takes half a code for none', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, { power: 300, xid: 79.5 }), START)
    fleet.evaluate(START)
    expect(fleet.gpu('h-1', 0)?.xids).toEqual([])
    expect(rowOf(fleet, 'h-1', 0).conditions).toEqual([])
  })

  it('ages a hung exporter into one stale finding of its host (#164)', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 8, 'h-2': 1 }) })
    const one = scraper(fleet, 'a')
    const two = scraper(fleet, 'b')
    one.answer(Array.from({ length: 8 }, (_, slot) => gpu('h-1', slot, LIVE)).flat(), START)
    for (let s = 0; s <= 41; s += 1) {
      two.answer(gpu('h-2', 0, { ...LIVE, energy: 1e9 + s }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    const { findings, total } = plainly(fleet.findings())
    expect(total).toBe(1)
    expect(findings[0]).toMatchObject({ id: 'stale/h-1', gpus: 8, where: 'h-1', since: START })
    expect(findings[0]?.what.replaceAll('\u2009', ' ')).toBe('No answer for 41 s; 8 GPUs shown stale')
    expect(rowOf(fleet, 'h-1', 3)).toMatchObject({
      state: 'stale',
      presence: 'present',
      conditions: ['stale'],
    })
    // The scraper says why, and takes it back once the source is observed again.
    fleet.release('a', 'connection refused')
    fleet.evaluate(START + 41 * SECOND)
    expect(plainly(fleet.findings()).findings[0]?.what.replaceAll('\u2009', ' ')).toBe(
      'No answer for 41 s (connection refused); 8 GPUs shown stale',
    )
    one.answer([['power', gpuLabels('h-1', 0), 400]], START, { why: 'the rest is missing' })
    fleet.evaluate(START + 41 * SECOND)
    expect(plainly(fleet.findings()).findings[0]?.what).not.toContain('refused')
    expect(rowOf(fleet, 'h-1', 3).value('power')).toBe(400)
    expect(rowOf(fleet, 'h-1', 3).figure('power')).toBe('stale')
  })

  it('misses a GPU that vanishes from a living exporter (#348), with its last figures dated', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 2 }) })
    const exporter = scraper(fleet, 'a')
    const run = (from: number, to: number, both: boolean) => {
      for (let s = from; s <= to; s += 5) {
        exporter.answer(
          [...zero(s), ...(both ? gpu('h-1', 1, { ...LIVE, power: 222 }) : [])],
          START + s * SECOND,
        )
        fleet.evaluate(START + s * SECOND)
      }
    }
    run(0, 20, true)
    run(25, 40, false)
    const gone = rowOf(fleet, 'h-1', 1)
    expect(gone).toMatchObject({ state: 'stale', presence: 'missing', conditions: ['missing'], severity: 2 })
    expect([gone.value('power'), gone.figure('power')]).toEqual([222, 'stale'])
    expect(fleet.rollCall()).toEqual({ expected: 2, present: 1, missing: 1, unexpected: 0 })
    expect(plainly(fleet.findings()).findings[0]).toMatchObject({
      id: 'missing/h-1/1',
      kind: 'missing',
      severity: 'critical',
    })
    run(45, 50, true)
    expect(rowOf(fleet, 'h-1', 1)).toMatchObject({ state: 'ok', presence: 'present', conditions: [] })
    expect(plainly(fleet.events()).map(({ text }) => text)).toEqual([
      'Back',
      'Vanished: its host answers without it',
    ])
  })

  it('reads NaN on all series of a GPU as vanished too, and on one series as that figure being absent', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 30; s += 5) {
      const lost = s >= 10 ? Number.NaN : 1
      exporter.answer(
        [
          ...gpu('h-1', 0, { power: 300 + s, smActive: 0.5 * lost }),
          ...gpu('h-1', 1, { power: 300 * lost, smActive: 0.5 * lost }),
        ],
        START + s * SECOND,
      )
      fleet.evaluate(START + s * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ presence: 'unlisted', state: 'absent' })
    expect(rowOf(fleet, 'h-1', 0).figure('smActive')).toBe('absent')
    expect(rowOf(fleet, 'h-1', 1)).toMatchObject({ presence: 'missing', state: 'stale' })
    expect(rowOf(fleet, 'h-1', 1).figure('smActive')).toBe('stale')
  })
})

const boards = (uuid: string) => [0, 1].flatMap((slot) => gpu('h-1', slot, LIVE, { UUID: `${uuid}-${slot}` }))

describe('identity', () => {
  it('keeps the row when a host comes back with other UUIDs, and says so', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 2 }) })
    const exporter = scraper(fleet, 'a')
    exporter.answer(boards('old'), START)
    fleet.evaluate(START)
    const { version } = fleet.topology()
    exporter.answer(boards('new'), START + 60 * SECOND)
    fleet.evaluate(START + 60 * SECOND)
    expect(fleet.topology().gpus.uuid).toEqual(['new-0', 'new-1'])
    expect(fleet.topology().version).toBe(version + 1)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', conditions: ['identityChanged'] })
    expect(plainly(fleet.findings()).findings).toMatchObject([{ id: 'identityChanged/h-1', gpus: 2 }])
    expect(plainly(fleet.events())).toHaveLength(2)
    expect(fleet.rollCall()).toEqual({ expected: 2, present: 2, missing: 0, unexpected: 0 })
  })

  it('shows no figure of the old board as one of the new board', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer(gpu('h-1', 0, { ...LIVE, eccDbe: 4, xid: 79 }, { UUID: 'old' }), START)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).conditions).toContain('ecc')
    exporter.answer(gpu('h-1', 0, { power: 90 }, { UUID: 'new' }), START + 60 * SECOND)
    fleet.evaluate(START + 60 * SECOND)
    const row = rowOf(fleet, 'h-1', 0)
    expect([row.figure('smActive'), row.figure('eccDbe'), row.value('power')]).toEqual([
      'absent',
      'absent',
      90,
    ])
    expect(row.conditions).toEqual(['identityChanged'])
    expect(fleet.gpu('h-1', 0)?.xids).toEqual([])
  })

  it('does not let the lingering series of an exchanged board take the slot back', () => {
    const fleet = fleetWith()
    const prometheus = scraper(fleet, 'prometheus')
    prometheus.answer(gpu('h-1', 0, { power: 111 }, { UUID: 'old' }), START)
    const both = [
      ...gpu('h-1', 0, { power: 222 }, { UUID: 'new' }),
      ...gpu('h-1', 0, { power: 111 }, { UUID: 'old' }),
    ]
    for (let s = 5; s <= 20; s += 5) {
      prometheus.answer(s % 10 === 0 ? both : both.toReversed(), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      expect(fleet.gpu('h-1', 0)?.uuid).toBe('new')
      expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(222)
    }
    expect(plainly(fleet.events())).toHaveLength(1)
  })

  it('feeds rows from narrow queries by UUID and GPU_I_ID once identity was learnt, also when bound before', () => {
    const fleet = fleetWith()
    const narrow = scraper(fleet, 'prometheus', 'power')
    const rows = (power: number): Sample[] => [
      ['power', { UUID: 'GPU-h-1-0' }, power],
      ['power', { UUID: 'GPU-nobody' }, 1],
    ]
    narrow.answer(rows(410), START)
    fleet.evaluate(START)
    expect(fleet.frame([]).rows).toBe(0)
    const mig = { GPU_I_PROFILE: '2g.20gb', GPU_I_ID: '5' }
    scraper(fleet, 'prometheus', 'identity').answer(
      [['gpuTemp', gpuLabels('h-1', 0, mig), Number.NaN]],
      START,
    )
    narrow.answer(rows(420), START + 5 * SECOND)
    scraper(fleet, 'prometheus', 'smActive').answer(
      [['smActive', { UUID: 'GPU-h-1-0', GPU_I_ID: '5' }, 0.75]],
      START + 2 * SECOND,
    )
    fleet.evaluate(START + 5 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(420)
    expect(rowOf(fleet, 'h-1', 0, '5')).toMatchObject({ ageMs: 3 * SECOND, state: 'ok' })
    expect(rowOf(fleet, 'h-1', 0, '5').value('smActive')).toBe(0.75)
  })

  it('shows a GPU of the inventory that never answered as absent and missing, once the roll was called', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 1, 'h-2': 8 }) })
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 60; s += 5) {
      exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + s }), START + s * SECOND)
      // As long as a source has not been read, nothing is known of the GPUs that it may have.
      if (s === 45) fleet.callRoll(START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      expect(plainly(fleet.findings()).total).toBe(s < 55 ? 0 : 1)
    }
    expect(rowOf(fleet, 'h-2', 7)).toMatchObject({ state: 'absent', presence: 'missing', ageMs: NEVER })
    expect(plainly(fleet.findings()).findings[0]).toMatchObject({
      id: 'missing/h-2',
      gpus: 8,
      severity: 'critical',
    })
  })
})

describe('two ways to the same floor', () => {
  it('lets the newer sample win, whichever source brings it', () => {
    const fleet = fleetWith()
    const prometheus = scraper(fleet, 'prometheus')
    const direct = scraper(fleet, 'direct')
    direct.answer(gpu('h-1', 0, { power: 300 }), START + 10 * SECOND)
    prometheus.answer(gpu('h-1', 0, { power: 200 }), START)
    fleet.evaluate(START + 10 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(300)
    // What one source lacks is not gone while the other one sends it.
    prometheus.answer(gpu('h-1', 0, { smActive: 0.1 }), START + 11 * SECOND)
    fleet.evaluate(START + 11 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).figure('power')).toBe('ok')
    expect(fleet.gpu('h-1', 0)?.origin.split(', ').toSorted()).toEqual(['direct', 'prometheus'])
  })

  it('misses a GPU that only the way before the turn knew', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 2 }) })
    const prometheus = scraper(fleet, 'prometheus')
    prometheus.answer([...gpu('h-1', 0, LIVE), ...gpu('h-1', 1, LIVE)], START)
    fleet.release('prometheus')
    const direct = scraper(fleet, 'direct')
    for (let s = 5; s <= 40; s += 5) {
      direct.answer(zero(s), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
    expect(rowOf(fleet, 'h-1', 1)).toMatchObject({
      state: 'stale',
      presence: 'missing',
      conditions: ['missing'],
    })
  })

  it('does not call a figure stale because it is asked less often', () => {
    const fleet = fleetWith()
    const fast = scraper(fleet, 'prometheus', 'fast', 5 * SECOND)
    const slow = scraper(fleet, 'prometheus', 'slow', 60 * SECOND)
    for (let s = 0; s <= 110; s += 5) {
      fast.answer(gpu('h-1', 0, { power: 300 + s }), START + s * SECOND)
      if (s % 60 === 0) slow.answer(gpu('h-1', 0, { fbUsed: 1000 }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 0).figure('fbUsed')).toBe('ok')
    fleet.evaluate(START + 139 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).figure('fbUsed')).toBe('ok')
    expect(rowOf(fleet, 'h-1', 0).ageMs).toBe(29 * SECOND)
    fleet.evaluate(START + 211 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).figure('fbUsed')).toBe('stale')
  })
})
