import { describe, expect, it } from 'vitest'
import { fleetWith, gpu, inventoryOf, rowOf, scraper, SECOND, START } from '../testkit.ts'
import type { SilentSource } from '../types.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const silent = (address: string): SilentSource => ({ source: address, address, labels: new Map() })

/** h-1 answers; what of the others is missing after the roll was called. */
function missing(listed: Record<string, number>, ...down: SilentSource[]): string[] {
  const fleet = fleetWith({ inventory: inventoryOf(listed) })
  const source = scraper(fleet, 'h-1:9400')
  for (let s = 0; s <= 60; s += 5) {
    source.answer(gpu('h-1', 0, { power: 300, energy: 1e9 + s }), START + s * SECOND)
    fleet.callRoll(START + s * SECOND, down)
    fleet.evaluate(START + s * SECOND)
  }
  return Object.keys(listed).filter((host) => rowOf(fleet, host, 0).conditions.includes('missing'))
}

describe('the roll-call', () => {
  it('calls machines that no source names once all of them were read', () => {
    expect(missing({ 'h-1': 1, 'h-2': 1 })).toEqual(['h-2'])
  })

  it('does not call the machine that a silent exporter stands for, and calls the others', () => {
    expect(missing({ 'h-1': 1, 'h-2': 1, 'h-3': 1 }, silent('h-2:9400'))).toEqual(['h-3'])
    expect(missing({ 'h-1': 1, 'h-2': 1 }, silent('h-2.example.com:9400'))).toEqual([])
  })

  it('does not call machines that may be behind silent exporters, as long as there are enough of them', () => {
    expect(missing({ 'h-1': 1, 'h-2': 1 }, silent('10.0.0.2:9400'))).toEqual([])
    expect(missing({ 'h-1': 1, 'h-2': 1, 'h-3': 1 }, silent('10.0.0.2:9400'))).toEqual(['h-2', 'h-3'])
  })

  it('says how many exporters were silent then', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-2': 1, 'h-3': 1 }) })
    fleet.callRoll(START, [silent('10.0.0.2:9400')])
    fleet.evaluate(START + 20 * SECOND)
    expect(plainly(fleet.findings()).findings[0]).toMatchObject({
      kind: 'missing',
      by: 'never seen since this console started; 1 exporter of an unknown machine did not answer then',
    })
  })
})
