import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIGURE, PRESENCE } from '../../../shared/model/figure.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import { activityField } from './columns.ts'
import { coverageOf, coverageWords } from './coverage.ts'

const { topology, first } = syntheticFleet({ gpus: 64, abnormal: 0 })
const rows = topology.gpus.host.length

/** The floor where only the first `profiled` GPUs send PROF_* fields, and the first `utilised` their utilisation. */
function floorWith(profiled: number, utilised: number = rows): FleetFrame {
  const states = first.fields.map((id, index) => {
    const column = first.states[index] ?? new Uint8Array(first.rows)
    const limit = id === 'gpuUtil' ? utilised : id.endsWith('Active') ? profiled : rows
    return column.map((code, row) => (row < limit ? code : FIGURE.absent))
  })
  return { ...first, presence: first.presence.map(() => PRESENCE.present), states }
}

const wordsOf = (frame: FleetFrame, id: 'smActive' | 'gpuUtil' | 'power') => {
  const coverage = coverageOf(frame, topology, id)
  return coverage && coverageWords(id, coverage)
}

describe('the figure of activity that stands for a floor', () => {
  it('is GPU utilisation where nothing sends profiling, and none where nothing sends anything', () => {
    expect(activityField(floorWith(0), rows)).toBe('gpuUtil')
    expect(activityField(floorWith(0, 0), rows)).toBeNull()
    expect(activityField(floorWith(rows), rows)).toBe('smActive')
  })

  it('does not change back and forth near the limit', () => {
    // 45 of 64 are 70 %: too few to be chosen, enough to be kept.
    expect(activityField(floorWith(45), rows)).toBe('gpuUtil')
    expect(activityField(floorWith(45), rows, 'smActive')).toBe('smActive')
    expect(activityField(floorWith(45), rows, 'gpuUtil')).toBe('gpuUtil')
    expect(activityField(floorWith(30), rows, 'smActive')).toBe('gpuUtil')
    expect(activityField(floorWith(60), rows, 'gpuUtil')).toBe('smActive')
  })

  it('is of the part that a filter leaves', () => {
    const mask = Uint8Array.from({ length: rows }, (_, row) => (row >= 60 ? 1 : 0))
    expect(activityField(floorWith(60), rows, 'smActive', mask)).toBe('gpuUtil')
  })
})

describe('the coverage of a field', () => {
  it('needs no words where every GPU has it', () => {
    expect(wordsOf(floorWith(rows), 'smActive')).toBe('')
  })

  it('says what the other GPUs of a mixed floor send in its place', () => {
    expect(wordsOf(floorWith(40), 'smActive')).toBe('on 40 of 64 GPUs; 24 send GPU utilisation instead')
    expect(wordsOf(floorWith(40, 50), 'smActive')).toBe(
      'on 40 of 64 GPUs; 10 send GPU utilisation instead, 14 send no activity',
    )
    expect(wordsOf(floorWith(0), 'smActive')).toBe(
      'not exported by this exporter: DCGM_FI_PROF_SM_ACTIVE; 64 send GPU utilisation instead',
    )
  })

  it('counts every GPU that is not missing once', () => {
    fc.assert(
      fc.property(fc.nat({ max: rows }), fc.nat({ max: rows }), (profiled, utilised) => {
        for (const id of ['smActive', 'gpuUtil', 'power'] as const) {
          const coverage = coverageOf(floorWith(profiled, utilised), topology, id)
          const instead = coverage?.instead.reduce((sum, { gpus }) => sum + gpus, 0) ?? 0
          expect((coverage?.have ?? 0) + instead + (coverage?.without ?? 0)).toBe(rows)
        }
      }),
    )
  })

  it('is not known of a field that the frame does not carry', () => {
    expect(coverageOf(floorWith(0), topology, 'eccDbe')).toBeNull()
  })
})
