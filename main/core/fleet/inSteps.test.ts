import { describe, expect, it } from 'vitest'
import type { Observation } from '../observation.ts'
import { atOnce } from '../steps.ts'
import { fleetWith, gpuLabels, series, START } from './testkit.ts'
import type { GpuRows, LiveFleet, SeriesIdentity } from './types.ts'

const SECOND = 1000
const HOSTS = 200

function floorOf(hosts: number, prefix = 'h'): SeriesIdentity[] {
  return Array.from({ length: hosts * 8 }, (_, i) =>
    series('power', gpuLabels(`${prefix}-${i >> 3}`, i & 7, { UUID: `GPU-${prefix}-${i}` })),
  )
}

function saying(
  source: string,
  all: readonly SeriesIdentity[],
  at = START,
  watts = 300,
): Observation<GpuRows> {
  const rows = { series: all, values: new Float64Array(all.length).fill(watts) }
  return { source, sampledAt: at, cadenceMs: null, complete: true, rows }
}

/** Takes some of the steps of an observation, so that it is in the middle. */
function begun(fleet: LiveFleet, observation: Observation<GpuRows>, steps = 12): Generator<void, void> {
  const taking = fleet.observing(observation)
  for (let i = 0; i < steps; i++) expect(taking.next().done).toBe(false)
  return taking
}

const gpusOf = (fleet: LiveFleet): number => fleet.topology().gpus.host.length

describe('an observation that is taken in steps', () => {
  it('ends where one that is taken at once does', () => {
    const [slow, quick] = [fleetWith(), fleetWith()]
    const large = floorOf(HOSTS)
    atOnce(slow.observing(saying('floor', large)))
    quick.observe(saying('floor', large))
    for (const fleet of [slow, quick]) fleet.evaluate(START)
    expect(slow.topology()).toEqual(quick.topology())
    expect(slow.frame(['power'])).toEqual(quick.frame(['power']))
  })

  it('is not seen before it is whole, while figures of others go on', () => {
    const fleet = fleetWith()
    const small = floorOf(1, 'x')
    fleet.observe(saying('small', small))
    fleet.evaluate(START)
    const before = fleet.topology()
    const taking = begun(fleet, saying('floor', floorOf(HOSTS)))
    fleet.observe(saying('small', small, START + 5 * SECOND, 310))
    fleet.evaluate(START + 5 * SECOND)
    expect(fleet.topology()).toBe(before)
    expect(fleet.findings().total).toBe(0)
    expect(fleet.newestSampleAt()).toBe(START + 5 * SECOND)
    expect(taking.next().done).toBe(false)
    atOnce(taking)
    fleet.evaluate(START + 6 * SECOND)
    expect(gpusOf(fleet)).toBe(8 + 8 * HOSTS)
  })

  it.each<[string, (fleet: LiveFleet) => void]>([
    ['another that needs places', (fleet) => fleet.observe(saying('small', floorOf(1, 'x')))],
    ['a release of its own source', (fleet) => fleet.release('floor', 'gone')],
    ['a roll call', (fleet) => fleet.callRoll(START)],
  ])('is whole before %s is taken', (_, act) => {
    const fleet = fleetWith()
    const taking = begun(fleet, saying('floor', floorOf(HOSTS)))
    act(fleet)
    expect(taking.next().done).toBe(true)
    fleet.evaluate(START)
    expect(gpusOf(fleet)).toBeGreaterThanOrEqual(8 * HOSTS)
  })

  it('is whole also where whoever takes it stops in the middle', () => {
    const fleet = fleetWith()
    begun(fleet, saying('floor', floorOf(HOSTS))).return()
    fleet.evaluate(START)
    expect(gpusOf(fleet)).toBe(8 * HOSTS)
  })

  it('keeps the topology waiting for seconds, not for ever', () => {
    const fleet = fleetWith()
    const taking = begun(fleet, saying('floor', floorOf(HOSTS)))
    fleet.evaluate(START)
    fleet.evaluate(START + 3 * SECOND)
    expect(gpusOf(fleet)).toBe(0)
    fleet.evaluate(START + 5 * SECOND)
    expect(gpusOf(fleet)).toBe(8 * HOSTS)
    expect(taking.next().done).toBe(true)
  })

  it('gives no unit of its own to another when boards leave the floor meanwhile', () => {
    const fleet = fleetWith()
    fleet.observe(saying('old', floorOf(1, 'x')))
    fleet.evaluate(START)
    fleet.release('old', 'gone')
    const late = START + 3_600 * SECOND
    const taking = begun(fleet, saying('floor', floorOf(HOSTS), late))
    fleet.evaluate(late)
    atOnce(taking)
    for (let s = 0; s <= 120; s += 5) fleet.evaluate(late + s * SECOND)
    const { hosts, gpus } = fleet.topology()
    const rowsOf = (prefix: string) => gpus.host.filter((host) => hosts[host]?.name.startsWith(prefix)).length
    expect(rowsOf('h-')).toBe(8 * HOSTS)
  })
})
