import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { realScrapes } from '../../../test/support/peers.ts'
import { fleetWith, rowOf, samplesOf, scraper, START } from './testkit.ts'

/** Real scrapes, read in place. */
const scrapes = realScrapes()

function load(name: string) {
  const fleet = fleetWith()
  scraper(fleet, '10.1.2.3:9400').answer(samplesOf(readFileSync(`${scrapes.path}${name}`, 'utf8')), START)
  fleet.evaluate(START)
  return fleet
}

describe('real scrapes', () => {
  it('H100 nodes with pods', ({ skip }) => {
    skip(!scrapes.present, scrapes.reason)
    const fleet = load('dcgm-h100-pods.prom')
    expect(fleet.topology().hosts.map(({ name }) => name)).toEqual(['gpu-node-1'])
    expect(fleet.rollCall().present).toBe(8)
    expect(fleet.topology().types).toEqual(['H100'])
    expect(fleet.gpu('gpu-node-1', 0)?.workloads[0]?.namespace).toBe('dynamo-workload')
    expect(rowOf(fleet, 'gpu-node-1', 0).value('power')).toBeCloseTo(113.611, 3)
    expect(fleet.findings().total).toBe(0)
  })

  it('a whole L4', ({ skip }) => {
    skip(!scrapes.present, scrapes.reason)
    const fleet = load('dcgm-l4.prom')
    const [host] = fleet.topology().hosts
    const row = rowOf(fleet, host?.name ?? '', 0)
    expect(fleet.topology().types).toEqual(['L4'])
    expect(row.figure('memTemp')).toBe('absent')
    expect(row.figure('power')).toBe('ok')
    expect(row.conditions).toEqual([])
  })

  it('an A100 with an instance, and a series without a host', ({ skip }) => {
    skip(!scrapes.present, scrapes.reason)
    const fleet = load('dcgm-a100-mig.prom')
    expect(fleet.topology().hosts.map(({ name }) => name)).toEqual(['10.1.2.3', 'ub20-a100-k8s'])
    expect(rowOf(fleet, '10.1.2.3', 0).figure('memTemp')).toBe('absent')
    const board = rowOf(fleet, 'ub20-a100-k8s', 0)
    expect([board.value('power'), board.value('grActive')].map((v) => v.toFixed(3))).toEqual([
      '409.692',
      '0.996',
    ])
    expect(rowOf(fleet, 'ub20-a100-k8s', 0, '13').value('dramActive')).toBeCloseTo(0.800433, 3)
    expect(fleet.power()).toMatchObject({ boards: 1, of: 2 })
  })
})
