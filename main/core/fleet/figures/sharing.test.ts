import { describe, expect, it } from 'vitest'
import { caseText } from '../../../../test/support/cases.ts'
import { fleetWith, gpuLabels, rowOf, samplesOf, scraper, SECOND, START, type Sample } from '../testkit.ts'

function hear(...answers: readonly (readonly Sample[])[]) {
  const fleet = fleetWith()
  const exporter = scraper(fleet, 'a')
  answers.forEach((samples, i) => {
    exporter.answer(samples, START + i * 5 * SECOND)
    fleet.evaluate(START + i * 5 * SECOND)
  })
  return fleet
}

const of = (pod: string, vgpu: string, figures: Record<string, number>): Sample[] =>
  Object.entries(figures).map(([id, value]) => [
    id,
    gpuLabels('h-1', 0, { pod, namespace: 'ml', container: 'main', vgpu }),
    value,
  ])

describe('a GPU that several pods share', () => {
  it('04: adds up what is each pod’s own, takes once what is the board’s, and names all pods', () => {
    const fleet = hear(samplesOf(caseText('04-shared-gpu-per-pod.prom')))
    const row = rowOf(fleet, 'h-04', 0)
    expect([row.value('fbUsed'), row.value('gpuUtil'), row.value('fbFree')]).toEqual([46_440, 89, 34_100])
    expect(row.value('grActive')).toBeCloseTo(0.88, 5)
    expect([row.state, row.conditions]).toEqual(['ok', []])
    expect(fleet.power()).toEqual({ watts: 512, boards: 1, of: 1 })
    expect(fleet.gpu('h-04', 0)?.workloads.map(({ pod }) => pod)).toEqual([
      'chat-7f9c',
      'embed-0',
      'idle-notebook',
    ])
    expect(
      fleet
        .gpu('h-04', 0)
        ?.workloads.map(({ own }) => own.map(({ field, value, state }) => [field, value, state])),
    ).toEqual([
      [
        ['fbUsed', 41_210, 'ok'],
        ['gpuUtil', 71, 'ok'],
      ],
      [
        ['fbUsed', 5230, 'ok'],
        ['gpuUtil', 18, 'ok'],
      ],
      [
        ['fbUsed', 0, 'zero'],
        ['gpuUtil', 0, 'zero'],
      ],
    ])
    const { workloads, sharing } = fleet.topology()
    expect(sharing.workload.map((i) => workloads[i]?.pod)).toEqual(['embed-0', 'idle-notebook'])
  })

  it('takes a figure that an older exporter repeats for every pod once (#587)', () => {
    const repeated = { fbUsed: 41_000, gpuUtil: 71, power: 512 }
    const row = rowOf(hear([...of('a', '0', repeated), ...of('b', '1', repeated)]), 'h-1', 0)
    expect([row.value('fbUsed'), row.value('gpuUtil'), row.value('power')]).toEqual([41_000, 71, 512])
  })

  it('adds up shares of one field that happen to agree where those of the other do not', () => {
    const row = rowOf(
      hear([...of('a', '0', { fbUsed: 100, gpuUtil: 40 }), ...of('b', '1', { fbUsed: 300, gpuUtil: 40 })]),
      'h-1',
      0,
    )
    expect([row.value('fbUsed'), row.value('gpuUtil')]).toEqual([400, 80])
  })

  it('does not call a part of a sum the sum, and refuses garbage', () => {
    const parts = [
      ...of('a', '0', { fbUsed: 100 }),
      ...of('b', '1', { fbUsed: 300 }),
      ...of('c', '2', { fbUsed: Number.NaN }),
    ]
    expect(rowOf(hear(parts), 'h-1', 0).figure('fbUsed')).toBe('absent')
    const garbage = [...of('a', '0', { gpuUtil: 4294967295 }), ...of('b', '1', { gpuUtil: 3 })]
    expect(rowOf(hear(garbage), 'h-1', 0).figure('gpuUtil')).toBe('implausible')
    const rounded = [...of('a', '0', { gpuUtil: 60 }), ...of('b', '1', { gpuUtil: 43 })]
    expect(rowOf(hear(rounded), 'h-1', 0).value('gpuUtil')).toBe(100)
  })

  it('follows pods that come and go', () => {
    const two = [...of('a', '0', { fbUsed: 100 }), ...of('b', '1', { fbUsed: 300 })]
    const fleet = hear(two, of('b', '1', { fbUsed: 350 }))
    fleet.evaluate(START + 10 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).value('fbUsed')).toBe(350)
    expect(fleet.gpu('h-1', 0)?.workloads).toEqual([
      { namespace: 'ml', pod: 'b', container: 'main', own: [] },
    ])
    expect(fleet.topology().sharing).toEqual({ gpu: [], workload: [] })
  })

  it('names pods in one order, whatever the order of the answer', () => {
    const of3 = [
      ...of('c', '0', { fbUsed: 1 }),
      ...of('a', '1', { fbUsed: 2 }),
      ...of('b', '2', { fbUsed: 3 }),
    ]
    const fleet = hear(of3)
    const { version } = fleet.topology()
    const pods = (): unknown => fleet.gpu('h-1', 0)?.workloads.map(({ pod }) => pod)
    expect(pods()).toEqual(['a', 'b', 'c'])
    const turned = hear(of3, of3.toReversed())
    expect([turned.topology().version, turned.gpu('h-1', 0)?.workloads[0]?.pod]).toEqual([version, 'a'])
  })

  it('takes an own figure that cannot be for implausible, and one that is not sent for absent', () => {
    const fleet = hear([
      ...of('a', '0', { gpuUtil: 400, fbUsed: 1 }),
      ...of('b', '1', { gpuUtil: 3, fbUsed: Number.NaN }),
    ])
    const [a, b] = fleet.gpu('h-1', 0)?.workloads ?? []
    expect(a?.own.find(({ field }) => field === 'gpuUtil')).toMatchObject({
      state: 'implausible',
      value: 400,
    })
    expect(b?.own.find(({ field }) => field === 'gpuUtil')).toMatchObject({ state: 'ok', value: 3 })
  })

  it('names jobs of a batch system, whose series are the board’s', () => {
    const job = (id: string): Sample[] => [
      ['fbUsed', gpuLabels('h-1', 0, { hpc_job: id }), 5000],
      ['power', gpuLabels('h-1', 0, { hpc_job: id }), 400],
    ]
    const fleet = hear([...job('81'), ...job('82')])
    expect(rowOf(fleet, 'h-1', 0).value('fbUsed')).toBe(5000)
    expect(fleet.gpu('h-1', 0)?.workloads).toEqual([
      { namespace: 'HPC job', pod: '81', container: '', own: [] },
      { namespace: 'HPC job', pod: '82', container: '', own: [] },
    ])
  })
})
