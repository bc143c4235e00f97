import { describe, expect, it } from 'vitest'
import { caseText } from '../../../../test/support/cases.ts'
import {
  fleetWith,
  gpu,
  gpuLabels,
  rowOf,
  samplesOf,
  scraper,
  SECOND,
  START,
  type Sample,
} from '../testkit.ts'

/** One test per quirk of real exporters; numbers are issues of dcgm-exporter unless another project is named: MIG. */
const LIVE = { smActive: 0.5, power: 400, energy: 1e9 }

const instance = (id: string, profile: string) => ({ GPU_I_PROFILE: profile, GPU_I_ID: id })
const both = (a: number, b: number) => [
  ...gpu('h-1', 0, { power: a }, instance('1', '1g.10gb')),
  ...gpu('h-1', 0, { power: b }, instance('2', '1g.10gb')),
]
const board = (at: number) => [...gpu('h-1', 0, { power: 300 + at }), ...gpu('h-1', 1, LIVE)]

describe('MIG', () => {
  it('reads GPU_UTIL 0 under MIG as unsupported, on board and instance (#430, #216)', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(
      [
        ...gpu('h-1', 0, { gpuUtil: 0, power: 300 }),
        ...gpu('h-1', 0, { gpuUtil: 0 }, instance('1', '1g.10gb')),
      ],
      START,
    )
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).figure('gpuUtil')).toBe('absent')
    expect(rowOf(fleet, 'h-1', 0, '1').figure('gpuUtil')).toBe('absent')
  })

  it.each([
    ['NVIDIA RTX PRO 6000 Blackwell Server Edition', '1g.24gb', 4, 1],
    ['NVIDIA RTX PRO 6000 Blackwell Server Edition', '1g.24gb', 2, 0.5],
    ['NVIDIA RTX PRO 5000 Blackwell', '1g.24gb', 2, 1],
    ['NVIDIA A30', '1g.6gb', 4, 1],
    ['NVIDIA B200', '1g.23gb', 7, 1],
    ['NVIDIA GH200 480GB', '1g.12gb', 1, 1 / 7],
  ])(
    'is busy by the slices that its board has: %s with %s, %i of them',
    (modelName, profile, count, busy) => {
      const fleet = fleetWith()
      const instances = Array.from({ length: count }, (_, i) =>
        gpu('h-1', 0, { smActive: 1 }, { modelName, ...instance(String(i + 1), profile) }),
      )
      scraper(fleet, 'a').answer(instances.flat(), START)
      fleet.evaluate(START)
      expect(rowOf(fleet, 'h-1', 0).value('smActive')).toBeCloseTo(busy, 6)
    },
  )

  it('has no mean of its instances where it is not known how its board is cut', () => {
    const fleet = fleetWith()
    const labels = { modelName: 'NVIDIA Board Of Tomorrow', ...instance('1', '1g.24gb') }
    scraper(fleet, 'a').answer(gpu('h-1', 0, { smActive: 1 }, labels), START)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).figure('smActive')).toBe('absent')
    expect(rowOf(fleet, 'h-1', 0, '1').value('smActive')).toBe(1)
  })

  it('sums the frame buffer only when every instance reports it (#512)', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    const one = gpu('h-1', 0, { fbUsed: 1000, smActive: 0.1 }, instance('1', '1g.10gb'))
    exporter.answer(
      [...one, ...gpu('h-1', 0, { fbUsed: 500, smActive: 0.1 }, instance('2', '1g.10gb'))],
      START,
    )
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).value('fbUsed')).toBe(1500)

    const other = fleetWith()
    scraper(other, 'a').answer([...one, ...gpu('h-1', 0, { smActive: 0.1 }, instance('2', '1g.10gb'))], START)
    other.evaluate(START)
    expect(rowOf(other, 'h-1', 0).figure('fbUsed')).toBe('absent')
    expect(rowOf(other, 'h-1', 0, '2').figure('fbUsed')).toBe('absent')
  })

  it('leaves slices without profiling figures out of the mean instead of calling them idle (#507)', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(
      [
        ...gpu('h-1', 0, { smActive: 0.9 }, instance('1', '3g.40gb')),
        ...gpu('h-1', 0, { fbUsed: 10 }, instance('2', '3g.40gb')),
      ],
      START,
    )
    fleet.evaluate(START)
    // 3 of 7 slices are at 0.9, 3 unknown, 1 not given to anybody: 2.7 / 4.
    expect(rowOf(fleet, 'h-1', 0).value('smActive')).toBeCloseTo(0.675, 5)
  })

  it('counts board power once although every instance repeats it (#317)', () => {
    const fleet = fleetWith()
    const samples = ['1', '2', '3'].flatMap((id) => gpu('h-1', 0, { power: 350 }, instance(id, '1g.10gb')))
    scraper(fleet, 'a').answer(samples, START)
    fleet.evaluate(START)
    expect(fleet.power()).toEqual({ watts: 350, boards: 1, of: 1 })
    expect(rowOf(fleet, 'h-1', 0, '1').figure('power')).toBe('absent')
  })

  it('keeps a board figure that one of its instances still brings', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer(both(350, 350), START)
    exporter.answer(both(360, Number.NaN), START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(360)
  })

  it('prefers what the board says of itself over a mean of its instances', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(
      [...gpu('h-1', 0, { smActive: 0.4 }), ...gpu('h-1', 0, { smActive: 0.9 }, instance('1', '7g.80gb'))],
      START,
    )
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).value('smActive')).toBeCloseTo(0.4, 5)
  })

  it('puts instances behind all boards and forgets one that its living board no longer has', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer([...gpu('h-1', 0, { smActive: 0.5 }, instance('4', '1g.10gb')), ...board(0)], START)
    fleet.evaluate(START)
    expect(fleet.frame([]).rows).toBe(3)
    expect(fleet.topology().instances).toMatchObject({ gpu: [0], profile: ['1g.10gb'], id: ['4'] })
    for (let s = 5; s <= 120; s += 5) {
      exporter.answer(board(s), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(fleet.frame([]).rows).toBe(2)
    expect(fleet.findings().total).toBe(0)
  })
})

describe('an XID of a MIG board', () => {
  const hear = (samples: readonly Sample[]) => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (const s of [0, 5]) {
      exporter.answer(samples, START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    return fleet
  }
  const of = (id: string, xid: number) => gpu('h-1', 0, { xid, grActive: 0.5 }, instance(id, '1g.5gb'))
  const ofBoard = gpu('h-1', 0, { power: 200 })

  it('38: repeated on its seven instances is one finding, one event and one record', () => {
    const fleet = hear(samplesOf(caseText('38-mig-one-xid.prom')))
    const { findings } = fleet.findings()
    expect(findings.map(({ id, severity, where }) => [id, severity, where])).toEqual([
      ['xid/mig-38/0/48', 'critical', 'mig-38 · GPU 0'],
    ])
    expect(fleet.abnormal()).toEqual({ critical: 1, advisory: 0 })
    expect(fleet.events().map(({ where }) => where)).toEqual(['mig-38 · GPU 0'])
    expect(fleet.gpu('mig-38', 0)?.xids).toEqual([{ code: 48, at: START, count: null }])
    expect(rowOf(fleet, 'mig-38', 0).conditions).toEqual(['xid'])
    expect(rowOf(fleet, 'mig-38', 0, '9').conditions).toEqual([])
  })

  it('is the board’s also where only the instances carry it', () => {
    const fleet = hear([...ofBoard, ...of('7', 48), ...of('8', 48), ...of('9', 48)])
    expect(fleet.findings().findings.map(({ id }) => id)).toEqual(['xid/h-1/0/48'])
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ conditions: ['xid'], severity: 2 })
    expect(fleet.events()).toHaveLength(1)
  })

  it('is an instance’s own where it alone names it, and other codes stand beside it', () => {
    const fleet = hear([...ofBoard, ...of('7', 43), ...of('8', 0), ...of('9', 63)])
    expect(fleet.findings().findings.map(({ id }) => id)).toEqual(['xid/h-1/0/7/43', 'xid/h-1/0/9/63'])
    expect(rowOf(fleet, 'h-1', 0, '7').conditions).toEqual(['xid'])
  })

  it('hides no other code of the same board', () => {
    const counted = { ...gpuLabels('h-1', 0), window_size_in_ms: '300000' }
    const fleet = hear([
      ...gpu('h-1', 0, { xid: 48, power: 200 }),
      ['DCGM_EXP_XID_ERRORS_COUNT', { ...counted, xid: '48' }, 1],
      ['DCGM_EXP_XID_ERRORS_COUNT', { ...counted, xid: '63' }, 2],
    ])
    expect(fleet.findings().findings.map(({ id, severity }) => [id, severity])).toEqual([
      ['xid/h-1/0/48', 'critical'],
      ['xid/h-1/0/63', 'advisory'],
    ])
  })
})

describe('an instance whose profile is not known', () => {
  it('06: has no weight, so its board has no mean; the instances are shown and memory is summed', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(samplesOf(caseText('06-mig-null-profile.prom')), START)
    fleet.evaluate(START)
    const board = rowOf(fleet, 'h-06', 0)
    expect([board.figure('smActive'), board.state]).toEqual(['absent', 'absent'])
    expect([board.value('fbUsed'), board.value('power')]).toEqual([39_990, 345])
    expect(rowOf(fleet, 'h-06', 0, '1').value('smActive')).toBeCloseTo(0.9, 5)
    expect(rowOf(fleet, 'h-06', 0, '2').value('smActive')).toBeCloseTo(0.8, 5)
    expect(fleet.topology().instances.profile).toEqual(['', ''])
    expect(fleet.power()).toEqual({ watts: 345, boards: 1, of: 1 })
  })

  it.each(['', 'N/A', 'unknown', '<nil>', 'something'])('is one called %j, too', (profile) => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(
      [
        ...gpu('h-1', 0, { smActive: 0.9 }, instance('1', '3g.40gb')),
        ...gpu('h-1', 0, { smActive: 0.1 }, instance('2', profile)),
      ],
      START,
    )
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).figure('smActive')).toBe('absent')
  })
})
