import { describe, expect, it } from 'vitest'
import {
  fleetWith,
  gpu,
  inventoryOf,
  rowOf,
  type Scraper,
  scraper,
  SECOND,
  series,
  START,
} from '../testkit.ts'
import type { LiveFleet, SilentSource } from '../types.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const host = (name: string, s: number) =>
  [0, 1].flatMap((slot) => gpu(name, slot, { power: 300 + s, smActive: 0.5 }))

function severities(fleet: LiveFleet): (readonly [string, string])[] {
  return plainly(fleet.findings()).findings.map(({ id, severity }) => [id, severity])
}

/** Two hosts, each with an exporter of its own. */
function twoExporters() {
  const fleet = fleetWith()
  const exporters: Record<string, Scraper> = { 'h-1': scraper(fleet, 'a'), 'h-2': scraper(fleet, 'b') }
  return {
    fleet,
    run(from: number, to: number, living: readonly string[]) {
      for (let s = from; s <= to; s += 5) {
        for (const name of living) exporters[name]?.answer(host(name, s), START + s * SECOND)
        fleet.evaluate(START + s * SECOND)
      }
    },
  }
}

/** One Prometheus that tells of each of its exporters by itself, as the engine asks it. */
function throughPrometheus(names: readonly string[]) {
  const fleet = fleetWith()
  const tell = (name: string, s: number): void => {
    const samples = host(name, s)
    fleet.observe({
      source: `Prometheus (${name})`,
      sampledAt: START + s * SECOND,
      cadenceMs: 5 * SECOND,
      complete: true,
      rows: {
        speaker: { name: 'Prometheus', scope: 'floor' },
        series: samples.map(([id, labels]) => series(id, labels)),
        values: Float64Array.from(samples, ([, , value]) => value),
      },
    })
  }
  return {
    fleet,
    run(from: number, to: number, living: readonly string[]) {
      for (let s = from; s <= to; s += 5) {
        for (const name of names) if (living.includes(name)) tell(name, s)
        fleet.evaluate(START + s * SECOND)
      }
    },
  }
}

describe('a host that dies', () => {
  it('is not called so where no host is heard any more: what they share is the likelier fault', () => {
    const { fleet, run } = twoExporters()
    run(0, 20, ['h-1', 'h-2'])
    fleet.release('a', 'network unreachable')
    fleet.release('b', 'network unreachable')
    run(25, 60, [])
    expect(severities(fleet).map(([, severity]) => severity)).toEqual(['advisory', 'advisory'])
    run(65, 65, ['h-1'])
    expect(severities(fleet)).toEqual([['stale/h-2', 'critical']])
  })

  it('is critical as soon as its figures are old, in the list as on the picture', () => {
    const { fleet, run } = twoExporters()
    run(0, 20, ['h-1', 'h-2'])
    fleet.release('b', 'connection refused')
    run(25, 50, ['h-1'])
    expect(severities(fleet)).toEqual([])
    run(55, 55, ['h-1'])
    expect(severities(fleet)).toEqual([['stale/h-2', 'critical']])
    expect(plainly(fleet.findings()).findings[0]?.since).toBe(START + 20 * SECOND)
    expect(fleet.abnormal()).toEqual({ critical: 1, advisory: 0 })
    expect([0, 1].map((slot) => rowOf(fleet, 'h-2', slot).severity)).toEqual([2, 2])
    expect(rowOf(fleet, 'h-1', 0).severity).toBe(0)
    run(60, 60, ['h-1', 'h-2'])
    expect(severities(fleet)).toEqual([])
  })

  it('is as critical through a Prometheus that does not reach it, also where it is the only one', () => {
    for (const names of [['h-1', 'h-2'], ['h-2']]) {
      const { fleet, run } = throughPrometheus(names)
      run(0, 20, names)
      fleet.release('Prometheus (h-2)', 'Prometheus gets no answer from it')
      run(25, 60, ['h-1'])
      expect(severities(fleet)).toEqual([['stale/h-2', 'critical']])
    }
  })

  it('is no fault of each host where the Prometheus of all of them is silent, or the feed turned', () => {
    const silent = throughPrometheus(['h-1', 'h-2'])
    silent.run(0, 20, ['h-1', 'h-2'])
    silent.run(25, 60, [])
    expect(severities(silent.fleet)).toEqual([
      ['stale/h-1', 'advisory'],
      ['stale/h-2', 'advisory'],
    ])
    const turned = twoExporters()
    turned.run(0, 20, ['h-1', 'h-2'])
    for (const source of ['a', 'b']) turned.fleet.release(source, undefined, true)
    turned.run(25, 60, [])
    expect(turned.fleet.abnormal()).toEqual({ critical: 0, advisory: 2 })
  })

  it('waits for an answer after this machine slept', () => {
    const { fleet, run } = twoExporters()
    run(0, 20, ['h-1', 'h-2'])
    fleet.release('b', 'connection refused')
    run(600, 625, ['h-1'])
    expect(severities(fleet)).toEqual([['stale/h-2', 'advisory']])
    run(630, 630, ['h-1'])
    expect(severities(fleet)).toEqual([['stale/h-2', 'critical']])
  })

  it('leaves a host alone of which a GPU still answers', () => {
    const { fleet, run } = twoExporters()
    run(0, 20, ['h-1'])
    const other = scraper(fleet, 'c')
    for (let s = 25; s <= 60; s += 5) {
      other.answer(gpu('h-1', 1, { power: 400 + s, smActive: 0.5 }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(severities(fleet)).toEqual([['stale/h-1', 'advisory']])
  })
})

describe('a listed host that died before this console began to look', () => {
  /** h-1 answers, and `down` are exporters that never did. */
  function afterRestart(down: readonly SilentSource[]): LiveFleet {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 2, 'h-2': 2 }) })
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 20; s += 5) {
      exporter.answer(host('h-1', s), START + s * SECOND)
      fleet.callRoll(START + s * SECOND, down)
      fleet.evaluate(START + s * SECOND)
    }
    return fleet
  }
  const silentAt = (address: string): SilentSource => ({ source: address, address, labels: new Map() })

  it.each(['h-2:9400', '10.0.0.2:9400'])('is critical while the exporter %s does not answer', (address) => {
    const fleet = afterRestart([silentAt(address)])
    expect(severities(fleet)).toEqual([['stale/h-2', 'critical']])
    expect(plainly(fleet.findings()).findings[0]).toMatchObject({ sinceAtLeast: true, gpus: 2 })
    expect(plainly(fleet.findings()).findings[0]?.what).toMatch(
      /^No answer since this console started; 2.GPUs not seen$/u,
    )
    expect(rowOf(fleet, 'h-2', 1)).toMatchObject({ severity: 2, state: 'absent' })
    scraper(fleet, 'b').answer(host('h-2', 25), START + 25 * SECOND)
    fleet.evaluate(START + 25 * SECOND)
    expect(severities(fleet)).toEqual([])
  })

  it('is critical where no exporter stands for it, and dated no earlier than is known', () => {
    const fleet = afterRestart([])
    expect(severities(fleet)).toEqual([['missing/h-2', 'critical']])
    expect(plainly(fleet.findings()).findings[0]).toMatchObject({ sinceAtLeast: true })
    expect(rowOf(fleet, 'h-2', 1)).toMatchObject({ severity: 2, presence: 'missing' })
  })
})
