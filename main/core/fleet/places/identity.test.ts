import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describingLabels, slotLabel, workloadOf } from './identity.ts'
import { boundedText, MAX_TEXT_LENGTH, naturalOrder } from '../text.ts'
import { fleetWith, gpu, gpuLabels, inventoryOf, rowOf, scraper, START } from '../testkit.ts'

const labels = (record: Record<string, string>) => new Map(Object.entries(record))

describe('slot', () => {
  it.each([
    [{ gpu: '3' }, 3],
    [{ gpu: '-1', device: 'nvidia5' }, 5],
    [{ device: 'nvidia12' }, 12],
    [{ gpu: '99999' }, null],
    [{ gpu: '1e3' }, null],
    [{ device: 'nvidia-caps' }, null],
    [{}, null],
  ])('of %o is %o', (record, slot) => {
    expect(slotLabel(labels(record as Record<string, string>))).toBe(slot)
  })

  it('falls back to the order of UUIDs, the same whatever the order of series', () => {
    const { gpu: _, device: __, ...unnumbered } = gpuLabels('h-1', 0)
    for (const order of [
      ['GPU-a', 'GPU-b'],
      ['GPU-b', 'GPU-a'],
    ]) {
      const fleet = fleetWith()
      scraper(fleet, 'a').answer(
        order.map((UUID) => ['power', { ...unnumbered, UUID }, 100] as const),
        START,
      )
      fleet.evaluate(START)
      expect(fleet.topology().gpus.uuid).toEqual(['GPU-a', 'GPU-b'])
    }
  })
})

describe('host', () => {
  it('falls back to the instance, then to the source', () => {
    const { Hostname: _, ...rest } = gpuLabels('h-1', 0)
    const fleet = fleetWith()
    scraper(fleet, '10.0.0.7:9400').answer([['power', rest, 100]], START)
    scraper(fleet, 'x').answer([['power', { ...rest, UUID: 'other', instance: 'h-9:9400' }, 100]], START)
    fleet.evaluate(START)
    expect(fleet.topology().hosts.map(({ name }) => name)).toEqual(['10.0.0.7', 'h-9'])
  })

  it.each(['H-1', 'h-1.dc.example.com', 'h-1:9400'])('%s is the h-1 of the inventory', (name) => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 1 }) })
    scraper(fleet, 'a').answer(gpu(name, 0, { power: 100 }), START)
    fleet.evaluate(START)
    expect(fleet.rollCall()).toEqual({ expected: 1, present: 1, missing: 0, unexpected: 0 })
    expect(fleet.gpu(name, 0)?.host).toBe('h-1')
  })

  it('leaves an ambiguous short name unlisted', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1.a': 1, 'h-1.b': 1 }) })
    scraper(fleet, 'a').answer(gpu('h-1', 0, { power: 100 }), START)
    fleet.evaluate(START)
    expect(fleet.rollCall().unexpected).toBe(1)
  })
})

describe('hostile labels', () => {
  it('stay text, short and on one line', () => {
    const name = `<img onerror=alert(1)>\u202e\u0000${'x'.repeat(1_000_000)}`
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(
      [
        ...gpu(name, 0, { power: 100 }, { modelName: name, pod: name, DCGM_FI_DEV_SERIAL: name }),
        ...gpu('__proto__', 0, { power: 100 }, { UUID: 'constructor', pod: '__proto__' }),
        ...gpu(`${name}y`, 0, { power: 100 }),
      ],
      START,
    )
    fleet.evaluate(START)
    const text = JSON.stringify([fleet.topology(), fleet.gpu('__proto__', 0), fleet.gpu(name, 0)])
    expect(text.length).toBeLessThan(20_000)
    expect(text).not.toContain('\u202e')
    expect(fleet.topology().hosts).toHaveLength(3)
    expect(rowOf(fleet, '__proto__', 0).value('power')).toBe(100)
    expect(fleet.gpu('__proto__', 0)?.workloads[0]?.pod).toBe('__proto__')
  })

  it('are bounded whatever they are, and equal texts stay equal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (raw) => {
        const bounded = boundedText(raw)
        expect(bounded.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH)
        expect(bounded.isWellFormed()).toBe(true)
        expect(boundedText(raw)).toBe(bounded)
        expect(boundedText(bounded)).toBe(bounded)
      }),
    )
  })

  it('never break series of unknown names or odd labels', () => {
    const name = fc.constantFrom(
      'DCGM_FI_DEV_POWER_USAGE',
      'DCGM_FI_NOBODY_KNOWS',
      'up',
      'DCGM_EXP_XID_ERRORS_COUNT',
    )
    const record = fc.dictionary(
      fc.constantFrom('gpu', 'UUID', 'Hostname', 'GPU_I_ID', 'xid', 'device', 'exported_pod', 'modelName'),
      fc.string({ maxLength: 20 }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(name, record, fc.double()), { maxLength: 20 }), (samples) => {
        const fleet = fleetWith()
        fleet.observe({
          source: 'a',
          sampledAt: START,
          cadenceMs: null,
          complete: true,
          rows: {
            series: samples.map(([name, record]) => ({ name, labels: labels(record) })),
            values: Float64Array.from(samples, ([, , value]) => value),
          },
        })
        fleet.evaluate(START)
        const { gpus, instances } = fleet.topology()
        expect(fleet.frame(['power']).rows).toBe(gpus.host.length + instances.gpu.length)
      }),
      { numRuns: 200 },
    )
  })
})

it('keeps describing labels and leaves out what has its own place', () => {
  const kept = describingLabels(labels({ ...gpuLabels('h', 0), err_code: '31', err_msg: 'x' }))
  expect(kept.map(({ name }) => name)).toEqual(['pci_bus_id', 'device', 'DCGM_FI_DRIVER_VERSION'])
})

it('knows an exporter pod by its name where nothing is renamed', () => {
  expect(workloadOf(labels({ pod: 'nvidia-dcgm-exporter-abc', namespace: 'gpu-operator' }), false)).toBeNull()
})

it('sorts hosts as people count', () => {
  expect(['h-10', 'h-2', 'h-1'].toSorted(naturalOrder)).toEqual(['h-1', 'h-2', 'h-10'])
})
