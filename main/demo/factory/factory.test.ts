import { describe, expect, it } from 'vitest'
import { createWorld, MONDAY } from '../testing/series.ts'
import type { Columns } from './columns.ts'
import type { Factory } from './factory.ts'
import { IMPAIRMENT } from './impairments.ts'

function boards(factory: Factory) {
  return Array.from({ length: factory.site.gpuCount }, (_, gpu) => {
    const host = factory.site.hosts[factory.site.hostOf[gpu] ?? -1]
    if (host === undefined) throw new Error(`GPU ${gpu} stands nowhere`)
    const pod = factory.placement.pods[factory.placement.podOf[gpu] ?? -1]
    const get = (name: keyof Columns) => factory.columns[name][gpu] ?? Number.NaN
    const kind = pod && factory.placement.deployments[pod.deployment]?.spec.kind
    return { gpu, host, board: host.board, pod, kind, get }
  })
}
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const tenantActivity = (factory: Factory, tenant: string) =>
  mean(
    boards(factory)
      .filter(({ pod }) => pod?.namespace === tenant)
      .map(({ get }) => get('smActive')),
  )

function columnsAfterSteps(): Columns {
  const { factory } = createWorld()
  for (const seconds of [1, 1, 5, 60]) factory.step(seconds)
  return factory.columns
}

describe('createFactory', () => {
  it('is the same world for the same seed and steps', () => {
    expect(columnsAfterSteps()).toEqual(columnsAfterSteps())
    expect(columnsAfterSteps().power).not.toEqual(createWorld({ seed: 8 }).factory.columns.power)
  })

  it.each([1, 60])('keeps every figure physical over hours of steps of %i s', (seconds) => {
    const { factory } = createWorld()
    for (let i = 0; i < 240; i++) {
      factory.step(seconds)
      if (i % 24 !== 0) continue
      for (const { board, get } of boards(factory)) {
        expect(get('power')).toBeLessThanOrEqual(board.limitWatts)
        expect(get('power')).toBeGreaterThan(board.idleWatts - 8)
        expect(get('gpuTemp')).toBeGreaterThan(20)
        expect(get('gpuTemp')).toBeLessThan(84)
        expect(get('memTemp')).toBeLessThan(97)
        expect(get('smClock')).toBeLessThanOrEqual(board.maxClock)
        expect(get('smClock')).toBeGreaterThanOrEqual(board.idleClock)
        for (const ratio of ['smActive', 'grActive', 'tensorActive', 'dramActive'] as const) {
          expect(get(ratio)).toBeGreaterThanOrEqual(0)
          expect(get(ratio)).toBeLessThanOrEqual(1)
        }
        expect(get('fbUsed') + get('fbFree') + get('fbReserved')).toBe(board.memoryMebibytes)
      }
    }
  })

  it('has structure: training near its limits, a spare rack at rest, servers between', () => {
    const { factory } = createWorld({ hosts: 132 })
    const all = boards(factory)
    const training = all.filter(({ kind }) => kind === 'training')
    expect(mean(training.map(({ board, get }) => get('power') / board.limitWatts))).toBeGreaterThan(0.85)
    expect(mean(training.map(({ get }) => get('gpuTemp')))).toBeGreaterThan(65)
    const idleRacks = factory.site.racks.filter((rack) => {
      const hosts = factory.site.hosts.slice(rack.firstHost, rack.endHost)
      return (
        hosts.every((host) => host.mig === 'none') &&
        all.every(({ host, pod }) => !hosts.includes(host) || !pod)
      )
    })
    expect(idleRacks.length).toBeGreaterThanOrEqual(1)
    const idle = all.filter(({ pod, host }) => pod === undefined && host.mig === 'none')
    for (const { get } of idle)
      expect([get('smActive'), get('fbUsed'), get('clockEvents')]).toEqual([0, 0, 1])
    const serving = all.filter(({ kind }) => kind === 'serving').map(({ get }) => get('smActive'))
    expect(mean(serving)).toBeGreaterThan(0.2)
    expect(mean(serving)).toBeLessThan(0.75)
  })

  it('follows the day of the site: code completion works by day and rests at night', () => {
    const day = createWorld({ startMs: MONDAY }).factory
    const night = createWorld({ startMs: MONDAY + 13 * 3_600_000 }).factory
    expect(tenantActivity(day, 'helios-dev')).toBeGreaterThan(1.8 * tenantActivity(night, 'helios-dev'))
  })

  it('integrates power into energy, to the millijoule per step', () => {
    const { factory } = createWorld()
    const gpu = 100
    const before = factory.columns.energy[gpu] ?? 0
    let joules = 0
    for (let i = 0; i < 60; i++) {
      const from = factory.columns.power[gpu] ?? 0
      factory.step(1)
      joules += (from + (factory.columns.power[gpu] ?? 0)) / 2
    }
    expect(((factory.columns.energy[gpu] ?? 0) - before) / 1000).toBeCloseTo(joules, 1)
  })

  it('has thermal inertia: power falls within seconds, temperature within minutes', () => {
    const { factory } = createWorld()
    const gpu = boards(factory).find(({ kind }) => kind === 'training')?.gpu ?? -1
    const read = () => [factory.columns.power[gpu] ?? 0, factory.columns.gpuTemp[gpu] ?? 0] as const
    const [power, temp] = read()
    factory.impairments[gpu] = IMPAIRMENT.stopped
    for (let i = 0; i < 8; i++) factory.step(1)
    const [soonPower, soonTemp] = read()
    expect(soonPower).toBeLessThan(0.25 * power)
    expect(soonTemp).toBeGreaterThan(temp - 12)
    for (let i = 0; i < 240; i++) factory.step(1)
    expect(read()[1]).toBeLessThan(35)
  })

  it('throttles a hot board at its slowdown temperature instead of letting it burn', () => {
    const { factory } = createWorld()
    const found = boards(factory).find(({ kind }) => kind === 'training')
    const gpu = found?.gpu ?? -1
    const clock = factory.columns.smClock[gpu] ?? 0
    const power = factory.columns.power[gpu] ?? 0
    factory.impairments[gpu] = IMPAIRMENT.heat
    for (let i = 0; i < 300; i++) factory.step(1)
    const slowdown = found?.board.slowdownCelsius ?? 0
    expect(Math.abs((factory.columns.gpuTemp[gpu] ?? 0) - slowdown)).toBeLessThan(2)
    expect(factory.columns.smClock[gpu]).toBeLessThan(0.9 * clock)
    expect(factory.columns.power[gpu]).toBeLessThan(0.75 * power)
    expect((factory.columns.clockEvents[gpu] ?? 0) & 0x20).toBe(0x20)
    expect(factory.columns.thermalViolation[gpu]).toBeGreaterThan(60e9)
  })

  it('adds MIG instances up to their board, and gives them memory of their own', () => {
    const { factory } = createWorld({ hosts: 132 })
    const { site, columns } = factory
    const gpu = site.instances[0]?.gpu ?? -1
    const own = site.instances.flatMap((instance, i) =>
      instance.gpu === gpu ? [{ instance, unit: site.gpuCount + i }] : [],
    )
    const weighted = own.reduce(
      (sum, { instance, unit }) => sum + ((columns.smActive[unit] ?? 0) * instance.compute) / 7,
      0,
    )
    expect(columns.smActive[gpu]).toBeCloseTo(weighted, 9)
    const used = own.reduce((sum, { unit }) => sum + (columns.fbUsed[unit] ?? 0), 0)
    expect(columns.fbUsed[gpu]).toBe(used)
    for (const { unit } of own) expect(columns.fbFree[unit]).toBeGreaterThan(0)
  })
})
