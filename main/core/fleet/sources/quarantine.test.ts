import { describe, expect, it } from 'vitest'
import { fleetWith, gpu, rowOf, SECOND, series, START, type Sample } from '../testkit.ts'
import type { LiveFleet, SeriesIdentity } from '../types.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const MINUTE = 60 * SECOND

/** One exporter that is answerable for itself. */
function exporter(fleet: LiveFleet, name: string) {
  return (samples: readonly Sample[], at: number): void => {
    fleet.observe({
      source: name,
      sampledAt: at,
      cadenceMs: null,
      complete: true,
      rows: {
        series: samples.map(([id, labels]) => series(id, labels)),
        values: Float64Array.from(samples, ([, , value]) => value),
        speaker: { name, scope: 'machine' },
      },
    })
  }
}

const board = (host: string, slot: number, watts: number, more: Record<string, string> = {}): Sample[] =>
  gpu(host, slot, { power: watts, smActive: 0.5 }, more)

/** A healthy host of eight, whose figures move. */
const healthy = (round: number): Sample[] =>
  Array.from({ length: 8 }, (_, slot) => board('h-1', slot, 300 + round)).flat()

const invented = (round: number, hosts: number): Sample[] =>
  Array.from({ length: hosts }, (_, i) => board(`made-up-${round}-${i}`, 0, 300)).flat()

const hostNames = (fleet: LiveFleet): string[] => fleet.topology().hosts.map(({ name }) => name)

describe('an exporter that names 20,000 new hosts in every scrape', () => {
  it('adds none of them, is named, and disturbs no neighbour', () => {
    const fleet = fleetWith()
    const [good, bad] = [exporter(fleet, 'good'), exporter(fleet, 'bad')]
    for (let round = 0; round < 3; round++) {
      const at = START + round * 5 * SECOND
      good(healthy(round), at)
      bad(invented(round, 20_000), at)
      fleet.evaluate(at)
      expect(hostNames(fleet)).toEqual(['h-1'])
      expect(fleet.findings().total).toBe(0)
      expect(rowOf(fleet, 'h-1', 3)).toMatchObject({ state: 'ok', ageMs: 0 })
    }
    expect(fleet.doubts('good')).toEqual([])
    expect(plainly(fleet.doubts('bad'))).toMatchObject([
      { code: 'quarantine', by: 'at least 8,192 new hosts in one answer, at most 16 at once' },
    ])
  })
})

describe('a source in quarantine', () => {
  it('keeps feeding what was known of it also behind more names than are looked at', () => {
    const fleet = fleetWith()
    const bad = exporter(fleet, 'bad')
    bad(healthy(0), START)
    for (let round = 1; round < 3; round++) {
      const at = START + round * 5 * SECOND
      bad([...invented(round, 10_000), ...healthy(round)], at)
      fleet.evaluate(at)
    }
    expect(hostNames(fleet)).toEqual(['h-1'])
    expect(rowOf(fleet, 'h-1', 3).value('power')).toBe(302)
  })

  it('keeps feeding what was known of it', () => {
    const fleet = fleetWith()
    const bad = exporter(fleet, 'bad')
    bad(healthy(0), START)
    for (let round = 1; round < 10; round++) {
      const at = START + round * 5 * SECOND
      bad([...healthy(round), ...invented(round, 100)], at)
      fleet.evaluate(at)
    }
    expect(hostNames(fleet)).toEqual(['h-1'])
    const row = rowOf(fleet, 'h-1', 3)
    expect(row).toMatchObject({ state: 'ok', ageMs: 0 })
    expect(row.value('power')).toBe(309)
  })

  it('says of no pod that it still runs where the label has changed', () => {
    const fleet = fleetWith()
    const bad = exporter(fleet, 'bad')
    bad(board('h-1', 0, 300, { namespace: 'a', pod: 'before' }), START)
    bad([...board('h-1', 0, 301, { namespace: 'a', pod: 'after' }), ...invented(1, 100)], START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    expect(fleet.gpu('h-1', 0)?.workloads).toEqual([])
  })

  it('does not put another board into a slot', () => {
    const fleet = fleetWith()
    const bad = exporter(fleet, 'bad')
    bad(healthy(0), START)
    bad([...board('h-1', 0, 17, { UUID: 'GPU-other' }), ...invented(1, 100)], START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    expect(fleet.gpu('h-1', 0)?.uuid).toBe('GPU-h-1-0')
    expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(300)
  })

  it('is believed again once it has named the same things for two minutes', () => {
    const fleet = fleetWith()
    const bad = exporter(fleet, 'bad')
    for (let round = 0; round < 4; round++) bad(invented(round, 100), START + round * 5 * SECOND)
    const from = START + 20 * SECOND
    for (let at = from; at <= from + 125 * SECOND; at += 5 * SECOND) {
      bad(healthy((at - from) / 1000), at)
      fleet.evaluate(at)
    }
    expect(hostNames(fleet)).toEqual(['h-1'])
    expect(fleet.doubts('bad')).toEqual([])
    expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
  })

  it('still says that a board is missing which it had named for long', () => {
    const fleet = fleetWith()
    const bad = exporter(fleet, 'bad')
    let at = START
    for (; at < START + 6 * MINUTE; at += 5 * SECOND) {
      bad(healthy((at - START) / 1000), at)
      fleet.evaluate(at)
    }
    for (let round = 0; round < 6; round++, at += 5 * SECOND) {
      bad([...healthy(round).slice(2), ...invented(round, 100)], at)
      fleet.evaluate(at)
    }
    expect(fleet.findings().findings.map(({ id }) => id)).toContain('missing/h-1/0')
  })
})

describe('what a source made up within its budget', () => {
  it('is no finding each, and is forgotten in minutes', () => {
    const fleet = fleetWith()
    const [good, bad] = [exporter(fleet, 'good'), exporter(fleet, 'bad')]
    let at = START
    for (let round = 0; round < 60; round++, at += 5 * SECOND) {
      good(healthy(round), at)
      bad(invented(round, 16), at)
      fleet.evaluate(at)
      expect(fleet.findings().findings.filter(({ severity }) => severity === 'critical')).toEqual([])
    }
    expect(hostNames(fleet)).toEqual(['h-1'])
    expect(fleet.events().filter(({ where }) => where.startsWith('made-up'))).toEqual([])
  })
})

it('calls a board missing that one answer alone has named, but not critical', () => {
  const fleet = fleetWith()
  const bad = exporter(fleet, 'bad')
  bad([...healthy(0), ...invented(0, 3)], START)
  for (let round = 1; round < 20; round++) {
    bad(healthy(round), START + round * 5 * SECOND)
    fleet.evaluate(START + round * 5 * SECOND)
  }
  expect(fleet.abnormal()).toEqual({ critical: 0, advisory: 3 })
})

describe('a Prometheus', () => {
  const speaker = { name: 'Prometheus', scope: 'floor' } as const
  const whole = (prefix: string, hosts: number, each: number) =>
    Array.from({ length: hosts * each }, (_, i) =>
      series('power', {
        gpu: String(i % each),
        UUID: `${prefix}-${i}`,
        Hostname: `${prefix}-${Math.floor(i / each)}`,
      }),
    )

  const observe = (fleet: LiveFleet, all: readonly SeriesIdentity[], at: number) =>
    fleet.observe({
      source: 'Prometheus',
      sampledAt: at,
      cadenceMs: null,
      complete: true,
      rows: { series: all, values: new Float64Array(all.length).fill(300), speaker },
    })

  it('brings a floor of 100,000 GPUs in its first answer', () => {
    const fleet = fleetWith()
    observe(fleet, whole('h', 12_500, 8), START)
    fleet.evaluate(START)
    expect(fleet.topology().gpus.host).toHaveLength(100_000)
    expect(fleet.doubts('Prometheus')).toEqual([])
  })

  it('does not bring another one in the next', () => {
    const fleet = fleetWith()
    observe(fleet, whole('h', 3000, 1), START)
    for (let round = 1; round < 3; round++)
      observe(fleet, whole(`made-up-${round}`, 30_000, 1), START + round * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    expect(fleet.topology().hosts).toHaveLength(3000)
    expect(fleet.doubts('Prometheus')).toMatchObject([{ code: 'quarantine' }])
  })
})
