import { describe, expect, it } from 'vitest'
import { NEVER } from '../../../shared/model/frame.ts'
import { fleetWith, gpu, gpuLabels, inventoryOf, rowOf, scraper, SECOND, series, START } from './testkit.ts'

/** One test per quirk of real exporters; numbers are issues of dcgm-exporter unless another project is named. */
const LIVE = { smActive: 0.5, power: 400, energy: 1e9 }

describe('labels', () => {
  it('takes Hostname and hostname for the same host (#655)', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer([['power', gpuLabels('h-1', 0), 400]], START)
    const { Hostname: _, ...rest } = gpuLabels('h-1', 1)
    scraper(fleet, 'b').answer([['power', { ...rest, hostname: 'h-1' }, 300]], START)
    fleet.evaluate(START)
    expect(fleet.topology().hosts.map(({ name }) => name)).toEqual(['h-1'])
    expect(fleet.topology().gpus.slot).toEqual([0, 1])
  })

  it('finds link metrics by gpu_uuid and model_name where no other label says who it is', () => {
    const fleet = fleetWith()
    const link = { gpu_uuid: 'GPU-h-1-0', model_name: 'NVIDIA H100 80GB HBM3' }
    scraper(fleet, 'a').answer([['nvlink', link, 77], ...gpu('h-1', 0, LIVE)], START)
    fleet.evaluate(START)
    expect(fleet.topology().gpus.slot).toEqual([0])
    expect(rowOf(fleet, 'h-1', 0).value('nvlink')).toBe(77)
  })

  it('reads the workload from exported_* where plain pod names the exporter (#85), also on idle GPUs', () => {
    const fleet = fleetWith()
    const own = { pod: 'metrics-x7', namespace: 'monitoring', container: 'agent' }
    const exported = { exported_pod: 'train-0', exported_namespace: 'ml', exported_container: 'main' }
    scraper(fleet, 'prometheus').answer(
      [...gpu('h-1', 0, LIVE, { ...own, ...exported }), ...gpu('h-1', 1, LIVE, own)],
      START,
    )
    fleet.evaluate(START)
    expect(fleet.gpu('h-1', 0)?.workload).toEqual({ namespace: 'ml', pod: 'train-0', container: 'main' })
    expect(fleet.gpu('h-1', 1)?.workload).toBeNull()
  })

  it('reads the workload from plain labels straight from an exporter', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, LIVE, { pod: 'p', namespace: 'n', container: 'c' }), START)
    fleet.evaluate(START)
    expect(fleet.gpu('h-1', 0)?.workload).toEqual({ namespace: 'n', pod: 'p', container: 'c' })
  })
})

describe('values', () => {
  it.each([9223372036854775792, 9223372036854775794, 9223372036854775795, 2147483632, 2147483635])(
    'reads the sentinel %d as absent, not as a figure and not as implausible',
    (sentinel) => {
      const fleet = fleetWith()
      scraper(fleet, 'a').answer(gpu('h-1', 0, { ...LIVE, memTemp: sentinel, eccSbe: sentinel }), START)
      fleet.evaluate(START)
      const row = rowOf(fleet, 'h-1', 0)
      expect([row.figure('memTemp'), row.figure('eccSbe'), row.state]).toEqual(['absent', 'absent', 'ok'])
    },
  )

  it('reads the FP64 sentinel 140737488355328 as absent', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, { ...LIVE, dramActive: 140737488355328 }), START)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).figure('dramActive')).toBe('absent')
  })

  it('keeps an absent XID series of a healthy GPU as absent and normal (#700)', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer(gpu('h-1', 0, { ...LIVE, xid: 0 }), START)
    exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + 1 }), START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    const row = rowOf(fleet, 'h-1', 0)
    expect([row.figure('xid'), row.state, row.conditions]).toEqual(['absent', 'ok', []])
  })

  it('refuses GPU_UTIL 4294967295 (DCGM#199) but keeps it for the tooltip', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, { ...LIVE, gpuUtil: 4294967295 }), START)
    fleet.evaluate(START)
    const row = rowOf(fleet, 'h-1', 0)
    expect([row.figure('gpuUtil'), row.state, row.conditions]).toEqual([
      'implausible',
      'implausible',
      ['implausible'],
    ])
    expect(row.value('gpuUtil')).toBeNaN()
    const reading = fleet.gpu('h-1', 0)?.unit.readings.find(({ field }) => field === 'gpuUtil')
    expect(reading?.value).toBe(4294967295)
  })

  it('refuses SM_ACTIVE 1.294 of a MIG instance (DCGM#152)', () => {
    const fleet = fleetWith()
    const mig = { GPU_I_PROFILE: '1g.10gb', GPU_I_ID: '9' }
    scraper(fleet, 'a').answer(gpu('h-1', 0, { smActive: 1.294 }, mig), START)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0, '9').figure('smActive')).toBe('implausible')
    // A refused figure is no part of its board's mean.
    expect(rowOf(fleet, 'h-1', 0).figure('smActive')).toBe('absent')
  })

  it('bounds power by the type: 1100 W is implausible on an H100 and plausible on a B200', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer(
      [
        ...gpu('h-1', 0, { power: 1100 }),
        ...gpu('h-1', 1, { power: 1100 }, { modelName: 'NVIDIA B200' }),
        ...gpu('h-1', 2, { power: 1000 }),
      ],
      START,
    )
    fleet.evaluate(START)
    const figures = [0, 1, 2].map((slot) => rowOf(fleet, 'h-1', slot).figure('power'))
    expect(figures).toEqual(['implausible', 'ok', 'ok'])
  })

  it('takes a falling NVLINK_BANDWIDTH_TOTAL for what it is (#417): no condition, no event', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer(gpu('h-1', 0, { ...LIVE, nvlink: 1000 }), START)
    exporter.answer(gpu('h-1', 0, { ...LIVE, nvlink: 10 }), START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    const row = rowOf(fleet, 'h-1', 0)
    expect([row.figure('nvlink'), row.conditions, fleet.events()]).toEqual(['ok', [], []])
  })

  it('notes a driver reload once per host when energy falls', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    const at = (energy: number) => [...gpu('h-1', 0, { energy }), ...gpu('h-1', 1, { energy })]
    exporter.answer(at(5e9), START)
    exporter.answer(at(1e6), START + 5 * SECOND)
    expect(fleet.events().map(({ where }) => where)).toEqual(['h-1'])
    expect(fleet.events()[0]?.text).toContain('driver')
  })

  it('tells zero from absent: activity 0 is an idle GPU', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, { smActive: 0, power: 70 }), START)
    fleet.evaluate(START)
    const row = rowOf(fleet, 'h-1', 0)
    expect([row.state, row.figure('smActive'), row.figure('tensorActive')]).toEqual([
      'zero',
      'zero',
      'absent',
    ])
  })

  it('reads a memory temperature of 0 as no sensor (real L4)', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, { ...LIVE, memTemp: 0 }), START)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).figure('memTemp')).toBe('absent')
  })
})

describe('MIG', () => {
  const instance = (id: string, profile: string) => ({ GPU_I_PROFILE: profile, GPU_I_ID: id })

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
    const both = (a: number, b: number) => [
      ...gpu('h-1', 0, { power: a }, instance('1', '1g.10gb')),
      ...gpu('h-1', 0, { power: b }, instance('2', '1g.10gb')),
    ]
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
    const board = (at: number) => [...gpu('h-1', 0, { power: 300 + at }), ...gpu('h-1', 1, LIVE)]
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

describe('XID', () => {
  it('raises the last code with the severity of its meaning and keeps first-seen time while it stays (#500)', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 600; s += 5) {
      exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + s, xid: s < 10 ? 0 : 79 }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    const [finding] = fleet.findings().findings
    expect(finding).toMatchObject({ id: 'xid/h-1/0/79', severity: 'critical', since: START + 10 * SECOND })
    expect(finding?.what).toContain('XID 79')
    expect(fleet.events().filter(({ text }) => text.includes('XID'))).toHaveLength(1)
    exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 2e9, xid: 0 }), START + 605 * SECOND)
    fleet.evaluate(START + 605 * SECOND)
    expect(fleet.findings().total).toBe(0)
    expect(fleet.gpu('h-1', 0)?.xids).toEqual([{ code: 79, at: START + 10 * SECOND, count: null }])
  })

  it('lets an advisory code leave the list after an hour, since the gauge itself never lets go', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let minute = 0; minute <= 61; minute++) {
      const at = START + minute * 60 * SECOND
      exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + minute, xid: 13 }), at)
      fleet.evaluate(at)
      expect(rowOf(fleet, 'h-1', 0).conditions).toEqual(minute <= 60 ? ['xid'] : [])
    }
  })

  it('sees repeats through DCGM_EXP_XID_ERRORS_COUNT, which the last code hides (#190)', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    const counted = { ...gpuLabels('h-1', 0), xid: '48', window_size_in_ms: '300000' }
    const answer = (count: number, s: number) => {
      exporter.answer(
        [
          ['DCGM_EXP_XID_ERRORS_COUNT', counted, count],
          ...gpu('h-1', 0, { ...LIVE, energy: 1e9 + s, xid: 48 }),
        ],
        START + s * SECOND,
      )
      fleet.evaluate(START + s * SECOND)
    }
    answer(1, 0)
    answer(1, 5)
    answer(3, 10)
    expect(fleet.events().map(({ text }) => text.includes('again'))).toEqual([true, false])
    expect(fleet.gpu('h-1', 0)?.xids).toEqual([{ code: 48, at: START, count: 3 }])
  })

  it('does not take err_code and err_msg for another GPU', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(
      [['xid', { ...gpuLabels('h-1', 0), err_code: '31', err_msg: 'MMU fault' }, 31], ...gpu('h-1', 0, LIVE)],
      START,
    )
    fleet.evaluate(START)
    expect(fleet.topology().gpus.slot).toEqual([0])
    expect(rowOf(fleet, 'h-1', 0).conditions).toEqual(['xid'])
  })
})

describe('exporters that lie', () => {
  it('sees a frozen exporter although it answers (gpu-monitoring-tools#188), and its thaw at once', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    let s = 0
    const run = (until: number, moves: boolean) => {
      for (; s <= until; s += 5) {
        exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + (moves ? s : 60) }), START + s * SECOND)
        fleet.evaluate(START + s * SECOND)
      }
    }
    run(60, true)
    expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
    run(200, false)
    const frozen = rowOf(fleet, 'h-1', 0)
    expect([frozen.state, frozen.conditions, frozen.ageMs]).toEqual(['stale', ['frozen'], 140 * SECOND])
    expect(frozen.figure('power')).toBe('stale')
    expect(fleet.power().watts).toBeNull()
    expect(fleet.findings().findings.map(({ id, since }) => [id, since])).toEqual([
      ['frozen/h-1', START + 60 * SECOND],
    ])
    run(205, true)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', conditions: [], ageMs: 0 })
  })

  it('shows figures of a frozen exporter that then falls silent as old as they are', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 200; s += 5) {
      exporter.answer(gpu('h-1', 0, LIVE), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    fleet.release('a')
    for (let s = 205; s <= 300; s += 5) {
      fleet.evaluate(START + s * SECOND)
      expect(rowOf(fleet, 'h-1', 0).state).toBe('stale')
      expect(rowOf(fleet, 'h-1', 0).ageMs).toBe(s * SECOND)
      expect(rowOf(fleet, 'h-1', 0).presence).toBe('unlisted')
    }
  })

  it('knows that dcgm-exporter collects every 30 s: equal answers between changes are no freeze', () => {
    const fleet = fleetWith({ freezeAfterMs: 40 * SECOND })
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 900; s += 5) {
      exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + Math.floor(s / 30) }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      expect(rowOf(fleet, 'h-1', 0).state).toBe('ok')
    }
  })

  it('does not call a host frozen that sends nothing which always moves', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 900; s += 5)
      exporter.answer(gpu('h-1', 0, { gpuUtil: 0, gpuTemp: 28 }), START + s * SECOND)
    fleet.evaluate(START + 900 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).state).toBe('zero')
  })

  it('believes a suspicion from outside until a figure moves', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'prometheus')
    exporter.answer(gpu('h-1', 0, LIVE), START)
    fleet.suspectFrozen('h-1', START - 600 * SECOND)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({
      state: 'stale',
      conditions: ['frozen'],
      ageMs: 600 * SECOND,
    })
    exporter.answer(gpu('h-1', 0, { ...LIVE, power: 401 }), START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', conditions: [] })
  })

  it('ages a hung exporter into one stale finding of its host (#164)', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 8, 'h-2': 1 }) })
    const one = scraper(fleet, 'a')
    const two = scraper(fleet, 'b')
    one.answer(Array.from({ length: 8 }, (_, slot) => gpu('h-1', slot, LIVE)).flat(), START)
    for (let s = 0; s <= 41; s += 1) {
      two.answer(gpu('h-2', 0, { ...LIVE, energy: 1e9 + s }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    const { findings, total } = fleet.findings()
    expect(total).toBe(1)
    expect(findings[0]).toMatchObject({ id: 'stale/h-1', gpus: 8, where: 'h-1', since: START })
    expect(findings[0]?.what.replaceAll('\u2009', ' ')).toBe('no answer for 41 s; 8 GPUs shown stale')
    expect(rowOf(fleet, 'h-1', 3)).toMatchObject({
      state: 'stale',
      presence: 'present',
      conditions: ['stale'],
    })
    expect(rowOf(fleet, 'h-1', 3).value('power')).toBe(400)
    expect(rowOf(fleet, 'h-1', 3).figure('power')).toBe('stale')
  })

  it('misses a GPU that vanishes from a living exporter (#348), with its last figures dated', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 2 }) })
    const exporter = scraper(fleet, 'a')
    const zero = (s: number) => gpu('h-1', 0, { ...LIVE, energy: 1e9 + s })
    const run = (from: number, to: number, both: boolean) => {
      for (let s = from; s <= to; s += 5) {
        exporter.answer(
          [...zero(s), ...(both ? gpu('h-1', 1, { ...LIVE, power: 222 }) : [])],
          START + s * SECOND,
        )
        fleet.evaluate(START + s * SECOND)
      }
    }
    run(0, 20, true)
    run(25, 40, false)
    const gone = rowOf(fleet, 'h-1', 1)
    expect(gone).toMatchObject({ state: 'stale', presence: 'missing', conditions: ['missing'], severity: 2 })
    expect([gone.value('power'), gone.figure('power')]).toEqual([222, 'stale'])
    expect(fleet.rollCall()).toEqual({ expected: 2, present: 1, missing: 1, unexpected: 0 })
    expect(fleet.findings().findings[0]).toMatchObject({
      id: 'missing/h-1/1',
      kind: 'missing',
      severity: 'critical',
    })
    run(45, 50, true)
    expect(rowOf(fleet, 'h-1', 1)).toMatchObject({ state: 'ok', presence: 'present', conditions: [] })
    expect(fleet.events().map(({ text }) => text)).toEqual([
      'is back',
      'vanished: its host answers without it',
    ])
  })

  it('reads NaN on all series of a GPU as vanished too, and on one series as that figure being absent', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 30; s += 5) {
      const lost = s >= 10 ? Number.NaN : 1
      exporter.answer(
        [
          ...gpu('h-1', 0, { power: 300 + s, smActive: 0.5 * lost }),
          ...gpu('h-1', 1, { power: 300 * lost, smActive: 0.5 * lost }),
        ],
        START + s * SECOND,
      )
      fleet.evaluate(START + s * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ presence: 'unlisted', state: 'ok' })
    expect(rowOf(fleet, 'h-1', 0).figure('smActive')).toBe('absent')
    expect(rowOf(fleet, 'h-1', 1)).toMatchObject({ presence: 'missing', state: 'stale' })
    expect(rowOf(fleet, 'h-1', 1).figure('smActive')).toBe('stale')
  })
})

describe('identity', () => {
  it('keeps the row when a host comes back with other UUIDs, and says so', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 2 }) })
    const exporter = scraper(fleet, 'a')
    const boards = (uuid: string) =>
      [0, 1].flatMap((slot) => gpu('h-1', slot, LIVE, { UUID: `${uuid}-${slot}` }))
    exporter.answer(boards('old'), START)
    fleet.evaluate(START)
    const { version } = fleet.topology()
    exporter.answer(boards('new'), START + 60 * SECOND)
    fleet.evaluate(START + 60 * SECOND)
    expect(fleet.topology().gpus.uuid).toEqual(['new-0', 'new-1'])
    expect(fleet.topology().version).toBe(version + 1)
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok', conditions: ['identityChanged'] })
    expect(fleet.findings().findings).toMatchObject([{ id: 'identityChanged/h-1', gpus: 2 }])
    expect(fleet.events()).toHaveLength(2)
    expect(fleet.rollCall()).toEqual({ expected: 2, present: 2, missing: 0, unexpected: 0 })
  })

  it('does not let the lingering series of an exchanged board take the slot back', () => {
    const fleet = fleetWith()
    const prometheus = scraper(fleet, 'prometheus')
    prometheus.answer(gpu('h-1', 0, { power: 111 }, { UUID: 'old' }), START)
    const both = [
      ...gpu('h-1', 0, { power: 222 }, { UUID: 'new' }),
      ...gpu('h-1', 0, { power: 111 }, { UUID: 'old' }),
    ]
    for (let s = 5; s <= 20; s += 5) {
      prometheus.answer(s % 10 === 0 ? both : both.toReversed(), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      expect(fleet.gpu('h-1', 0)?.uuid).toBe('new')
      expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(222)
    }
    expect(fleet.events()).toHaveLength(1)
  })

  it('feeds rows from narrow queries by UUID and GPU_I_ID once identity was learnt, also when bound before', () => {
    const fleet = fleetWith()
    const narrow = fleet.bind(
      'prometheus',
      [series('power', { UUID: 'GPU-h-1-0' }), series('power', { UUID: 'GPU-nobody' })],
      START,
    )
    fleet.ingest(narrow, Float64Array.of(410, 1), START)
    fleet.evaluate(START)
    expect(fleet.frame([]).rows).toBe(0)
    const mig = { GPU_I_PROFILE: '2g.20gb', GPU_I_ID: '5' }
    fleet.bind('prometheus/identity', [series('gpuTemp', gpuLabels('h-1', 0, mig))], START)
    fleet.ingest(narrow, Float64Array.of(420, 1), START + 5 * SECOND)
    const activity = fleet.bind(
      'prometheus',
      [series('smActive', { UUID: 'GPU-h-1-0', GPU_I_ID: '5' })],
      START,
    )
    fleet.ingest(activity, Float64Array.of(0.75), START + 5 * SECOND, Float64Array.of(START + 2 * SECOND))
    fleet.evaluate(START + 5 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(420)
    expect(rowOf(fleet, 'h-1', 0, '5')).toMatchObject({ ageMs: 3 * SECOND, state: 'ok' })
    expect(rowOf(fleet, 'h-1', 0, '5').value('smActive')).toBe(0.75)
  })

  it('shows a GPU of the inventory that never answered as absent and missing, once the roll was called', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 1, 'h-2': 8 }) })
    const exporter = scraper(fleet, 'a')
    for (let s = 0; s <= 30; s += 5) {
      exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 1e9 + s }), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      expect(fleet.findings().total).toBe(s < 30 ? 0 : 1)
    }
    expect(rowOf(fleet, 'h-2', 7)).toMatchObject({ state: 'absent', presence: 'missing', ageMs: NEVER })
    expect(fleet.findings().findings[0]).toMatchObject({ id: 'missing/h-2', gpus: 8, severity: 'critical' })
  })
})
