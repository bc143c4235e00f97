import { describe, expect, it } from 'vitest'
import { caseText } from '../../../../test/support/cases.ts'
import { fleetWith, gpu, inventoryOf, samplesOf, scraper, SECOND, START, type Sample } from '../testkit.ts'
import { plainly } from '../../../../test/support/plainly.ts'

function emptyOf(samples: readonly Sample[], options = {}, seconds = 60): string[] {
  const fleet = fleetWith(options)
  const exporter = scraper(fleet, 'a')
  for (let s = 0; s <= seconds; s += 5) {
    exporter.answer(samples, START + s * SECOND)
    fleet.evaluate(START + s * SECOND)
  }
  return plainly(fleet.findings())
    .findings.filter(({ kind }) => kind === 'missing')
    .map(({ where, what, by }) => [where, what, by].join(' | '))
}

const host = (...slots: number[]) => slots.flatMap((slot) => gpu('h-1', slot, { smActive: 0.5, power: 300 }))

describe('a hole in the indices of a host', () => {
  it('37: points at the empty slot, also without an inventory', () => {
    expect(emptyOf(samplesOf(caseText('37-no-profiling-hole.prom')))).toEqual([
      'dgx-37 · GPU 6 | Slot 6 is empty | its host answers for GPUs 0\u20135, 7',
    ])
  })

  it('37: is a place of the floor without a row', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(samplesOf(caseText('37-no-profiling-hole.prom')), START)
    fleet.evaluate(START)
    const { emptySlots, gpus } = fleet.topology()
    expect([emptySlots, gpus.slot]).toEqual([{ host: [0], slot: [6] }, [0, 1, 2, 3, 4, 5, 7]])
    const listed = fleetWith({ inventory: inventoryOf({ 'h-1': 4 }) })
    scraper(listed, 'a').answer(host(0, 1, 3), START)
    listed.evaluate(START)
    expect([listed.topology().emptySlots.slot, listed.topology().gpus.slot]).toEqual([[], [0, 1, 2, 3]])
  })

  it.each([
    ['no hole', [0, 1, 2, 3]],
    ['one GPU', [3]],
    ['an exporter that shows a few GPUs alone', [6, 7]],
  ])('is none with %s', (_, slots) => {
    expect(emptyOf(host(...slots))).toEqual([])
  })

  it('is not told of before the first answers have settled, nor twice of a listed host', () => {
    expect(emptyOf(host(0, 1, 3), {}, 5)).toEqual([])
    const listed = emptyOf(host(0, 1, 3), { inventory: inventoryOf({ 'h-1': 4 }) })
    expect(listed.map((each) => each.split(' | ')[0])).toEqual(['h-1 · GPU 2'])
  })

  it('is found at the start, too', () => {
    expect(emptyOf(host(1, 2, 3)).map((each) => each.split(' | ')[0])).toEqual(['h-1 · GPU 0'])
  })
})

describe('a figure that is absent', () => {
  it('37: says that no series exists for it, or that this GPU alone lacks it', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer([...host(0), ...gpu('h-1', 1, { power: 300 })], START)
    fleet.evaluate(START)
    const why = (slot: number, id: string) =>
      fleet.gpu('h-1', slot)?.unit.readings.find(({ field }) => field === id)?.why
    expect(why(0, 'xid')).toBe('not exported by its host')
    expect(why(1, 'smActive')).toBe('sent for other GPUs of its host, not for this one')
    expect(why(0, 'smActive')).toBeUndefined()
  })
})
