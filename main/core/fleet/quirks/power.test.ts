import { describe, expect, it } from 'vitest'
import type { FieldId } from '../../../../shared/model/field.ts'
import { caseText } from '../../../../test/support/cases.ts'
import { fleetWith, gpu, rowOf, samplesOf, scraper, SECOND, START, type Sample } from '../testkit.ts'
import { plainly } from '../../../../test/support/plainly.ts'

/** Power against activity: what contradicts what, and what cannot be judged because a board's limit is not known. */

/** A floor that hears the same for a minute. */
function hearing(samples: readonly Sample[], seconds = 60) {
  const fleet = fleetWith()
  const exporter = scraper(fleet, 'a')
  for (let s = 0; s <= seconds; s += 5) {
    exporter.answer(samples, START + s * SECOND)
    fleet.evaluate(START + s * SECOND)
  }
  return fleet
}

const saying = (
  figures: Partial<Record<FieldId, number>>,
  modelName = 'NVIDIA H100 80GB HBM3',
  seconds?: number,
) => hearing(gpu('h-1', 0, figures, { modelName }), seconds)

describe('busy but idle', () => {
  it('33: finds nothing abnormal on boards at full load, listed or not', () => {
    const fleet = hearing(samplesOf(caseText('33-unlisted-models-busy.prom')))
    expect(plainly(fleet.findings()).findings).toEqual([])
    for (let slot = 0; slot < 8; slot++) {
      const row = rowOf(fleet, 'mixed-01', slot)
      expect([row.state, row.conditions, row.figure('power')]).toEqual(['ok', [], 'ok'])
    }
  })

  it('is not judged where the limit of the board is not known', () => {
    expect(saying({ gpuUtil: 100, power: 30 }, 'NVIDIA GB10').findings().total).toBe(0)
    expect(saying({ gpuUtil: 100, power: 30 }, 'GRID A100-40C').findings().total).toBe(0)
    expect(saying({ gpuUtil: 100, power: 5000 }, 'NVIDIA X1').findings().total).toBe(0)
  })

  it('is judged by the limit that the exporter sends, for any board', () => {
    const found = saying({ gpuUtil: 100, power: 30, powerLimit: 140 }, 'NVIDIA GB10').findings().findings
    expect(found.map(({ kind }) => kind)).toEqual(['busyButIdle'])
    expect(saying({ gpuUtil: 100, power: 60, powerLimit: 140 }, 'NVIDIA GB10').findings().total).toBe(0)
    // A board that was capped draws little at full load.
    expect(saying({ gpuUtil: 100, power: 190, powerLimit: 200 }).findings().total).toBe(0)
  })

  it('takes a PCIe board for what it is, not for the largest of its type', () => {
    const full = { gpuUtil: 100, power: 140 }
    expect(saying(full, 'NVIDIA A100-PCIE-40GB').findings().total).toBe(0)
    expect(saying(full, 'NVIDIA H100 PCIe').findings().total).toBe(0)
    expect(saying(full, 'NVIDIA H100 80GB HBM3').findings().total).toBe(1)
  })

  it('37: finds the one board that is stuck where profiling is not exported', () => {
    const fleet = hearing(samplesOf(caseText('37-no-profiling-hole.prom')))
    const stuck = plainly(fleet.findings()).findings.filter(({ kind }) => kind === 'busyButIdle')
    expect(stuck.map(({ where }) => where)).toEqual(['dgx-37 · GPU 4'])
    expect(stuck[0]?.by?.replaceAll('\u2009', ' ')).toBe('118 W at 100 %')
    const states = [0, 1, 2, 3, 4, 5, 7].map((slot) => rowOf(fleet, 'dgx-37', slot).state)
    expect(states).toEqual(['ok', 'zero', 'ok', 'zero', 'ok', 'ok', 'zero'])
  })
})

it('counts no vGPU among the boards whose power is summed, and judges it by no limit of a board', () => {
  const fleet = hearing([
    ...gpu('h-1', 0, { smActive: 0.5, power: 300 }),
    ...gpu('h-1', 1, { gpuUtil: 100, fbUsed: 39_000 }, { modelName: 'GRID A100-40C' }),
  ])
  expect(fleet.power()).toEqual({ watts: 300, boards: 1, of: 1 })
  expect(fleet.topology().types).toEqual(['H100', 'vGPU A100-40C'])
  expect(plainly(fleet.findings()).total).toBe(0)
})

describe('profiling that says nothing', () => {
  it('01: does not believe 0 of a board at 99 % and 641 W, and believes it of one that is idle', () => {
    const fleet = hearing(samplesOf(caseText('01-prof-false-zero.prom')), 0)
    const working = rowOf(fleet, 'h-01', 0)
    expect([working.state, working.conditions]).toEqual(['implausible', ['implausible']])
    for (const id of ['smActive', 'grActive', 'tensorActive', 'dramActive'] as const) {
      expect([id, working.figure(id)]).toEqual([id, 'implausible'])
    }
    expect([working.figure('gpuUtil'), working.figure('power')]).toEqual(['ok', 'ok'])
    expect(rowOf(fleet, 'h-01', 1)).toMatchObject({ state: 'zero', conditions: [] })
    expect(rowOf(fleet, 'h-01', 1).figure('smActive')).toBe('zero')
    const [finding, ...others] = plainly(fleet.findings()).findings
    expect(others).toEqual([])
    expect(finding).toMatchObject({ id: 'implausible/h-01/0/profiling', where: 'h-01 · GPU 0' })
    expect(finding?.what).toContain('Profiling reads 0 on a working board')
    expect(finding?.by?.replaceAll('\u2009', ' ')).toBe('SM activity 0 % at 99 % GPU utilisation and 641 W')
    expect(finding?.nextStep).toContain('dcgmi dmon -e 1001')
    expect(fleet.gpu('h-01', 0)?.unit.readings.find(({ field }) => field === 'smActive')).toMatchObject({
      state: 'implausible',
      value: 0,
    })
  })

  it.each([
    ['its power alone', { smActive: 0, power: 600 }, 'NVIDIA H100 80GB HBM3'],
    ['its utilisation alone', { grActive: 0, gpuUtil: 97 }, 'NVIDIA H100 80GB HBM3'],
    ['its utilisation, where its limit is not known', { smActive: 0, gpuUtil: 90, power: 440 }, 'NVIDIA X9'],
    [
      'utilisation 0 that power contradicts',
      { smActive: 0, gpuUtil: 0, power: 600 },
      'NVIDIA H100 80GB HBM3',
    ],
    ['power while memory pipes move', { smActive: 0, dramActive: 0.2, power: 600 }, 'NVIDIA H100 80GB HBM3'],
  ] as const)('is contradicted by %s', (_, figures, model) => {
    expect(rowOf(saying(figures, model, 0), 'h-1', 0).state).toBe('implausible')
  })

  it.each([
    ['an idle board', { smActive: 0, grActive: 0, gpuUtil: 0, power: 71 }],
    ['a board that one field shows at work', { smActive: 0, grActive: 0.9, gpuUtil: 99, power: 600 }],
    ['a moment of work between two samples', { smActive: 0, gpuUtil: 20, power: 120 }],
    ['a board that rests its tensor cores', { smActive: 0.9, tensorActive: 0, gpuUtil: 99, power: 600 }],
  ] as const)('is not said of %s', (_, figures) => {
    expect(saying(figures).findings().total).toBe(0)
  })

  it('leaves a deadlock, where power agrees with the 0, to that finding', () => {
    const found = saying({ smActive: 0, gpuUtil: 100, power: 110 }).findings().findings
    expect(found.map(({ kind }) => kind)).toEqual(['busyButIdle'])
  })

  it('is one finding of a MIG board, and ends when the figures move', () => {
    const instances = (activity: number) =>
      ['1', '2', '3'].flatMap((id) =>
        gpu('h-1', 0, { smActive: activity, power: 640 }, { GPU_I_ID: id, GPU_I_PROFILE: '2g.20gb' }),
      )
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    const hear = (activity: number, s: number) => {
      exporter.answer(instances(activity), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      return plainly(fleet.findings()).findings.map(({ id }) => id)
    }
    expect(hear(0, 0)).toEqual(['implausible/h-1/0/profiling'])
    expect(rowOf(fleet, 'h-1', 0, '2').figure('smActive')).toBe('implausible')
    expect(hear(0.5, 5)).toEqual(['implausible/h-1/0/profiling'])
    expect(rowOf(fleet, 'h-1', 0, '2').figure('smActive')).toBe('ok')
    expect(hear(0.5, 10)).toEqual([])
  })
})

describe('scales', () => {
  const scalesOf = (fleet: ReturnType<typeof saying>) => {
    const { types, typeScales } = fleet.topology()
    return Object.fromEntries(types.map((name, i) => [name, typeScales[i]]))
  }
  const after = (figures: Partial<Record<FieldId, number>>, model: string) =>
    scalesOf(saying(figures, model, 10))

  it('come from the data sheet, and for a type that is not listed from what is seen of it', () => {
    expect(after({ power: 100 }, 'NVIDIA H100 80GB HBM3')).toMatchObject({ H100: { powerWatts: 700 } })
    expect(after({ power: 440, fbUsed: 20_000, fbFree: 4000 }, 'NVIDIA X9')).toEqual({
      X9: { powerWatts: 500, memoryMebibytes: 30 * 1024 },
    })
    expect(after({ power: 100, powerLimit: 140 }, 'NVIDIA GB10')).toMatchObject({ GB10: { powerWatts: 140 } })
    expect(after({ gpuTemp: 40 }, 'NVIDIA X9')).toEqual({ X9: { powerWatts: 0, memoryMebibytes: 0 } })
  })

  it('grow in steps and never shrink, so that a colour keeps its meaning', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    const versions = [310, 350, 390, 60].map((power, i) => {
      for (const s of [0, 1]) {
        exporter.answer(gpu('h-1', 0, { power }, { modelName: 'X9' }), START + (10 * i + s) * SECOND)
        fleet.evaluate(START + (10 * i + s) * SECOND)
      }
      return [fleet.topology().version, scalesOf(fleet)['X9']?.powerWatts]
    })
    const [[version] = []] = versions
    expect(versions).toEqual([310, 350, 390, 60].map(() => [version, 400]))
  })
})
