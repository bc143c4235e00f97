import { describe, expect, it } from 'vitest'
import { field } from '../../../../shared/model/field.ts'
import { caseText } from '../../../../test/support/cases.ts'
import { fleetWith, gpu, gpuLabels, rowOf, samplesOf, scraper, SECOND, START } from '../testkit.ts'
import { plainly } from '../../../../test/support/plainly.ts'

/** One test per quirk of real exporters; numbers are issues of dcgm-exporter unless another project is named: labels, figures, XIDs. */
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
    expect(fleet.gpu('h-1', 0)?.workloads).toEqual([
      { namespace: 'ml', pod: 'train-0', container: 'main', own: [] },
    ])
    expect(fleet.gpu('h-1', 1)?.workloads).toEqual([])
  })

  it('reads the workload from plain labels straight from an exporter', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, LIVE, { pod: 'p', namespace: 'n', container: 'c' }), START)
    fleet.evaluate(START)
    expect(fleet.gpu('h-1', 0)?.workloads).toEqual([{ namespace: 'n', pod: 'p', container: 'c', own: [] }])
  })
})

const twoWith = (energy: number) => [...gpu('h-1', 0, { energy }), ...gpu('h-1', 1, { energy })]

describe('values', () => {
  it.each(['9223372036854775792', '9223372036854775794', '9223372036854775795', '2147483632', '2147483635'])(
    'reads the sentinel %s as absent, not as a figure and not as implausible',
    (text) => {
      const sentinel = Number(text)
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

  it('07: draws NVLINK_BANDWIDTH_TOTAL as the rate that it is (#417): it falls, and 0 is zero', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    const seen = [0, 1, 2, 3].map((t) => {
      exporter.answer(
        samplesOf(caseText(`07-nvlink-rate-called-counter.t${t}.prom`)),
        START + t * 30 * SECOND,
      )
      fleet.evaluate(START + t * 30 * SECOND)
      const row = rowOf(fleet, 'h-07', 0)
      return [row.value('nvlink'), row.figure('nvlink')]
    })
    expect(seen[0]).toEqual([16_721, 'ok'])
    expect(seen[3]).toEqual([0, 'zero'])
    expect([rowOf(fleet, 'h-07', 0).conditions, plainly(fleet.events())]).toEqual([[], []])
    expect(field('nvlink')).toMatchObject({ kind: 'gauge', display: { unit: 'GB/s' } })
  })

  it('notes a driver reload once per host when energy falls', () => {
    const fleet = fleetWith()
    const exporter = scraper(fleet, 'a')
    exporter.answer(twoWith(5e9), START)
    exporter.answer(twoWith(1e6), START + 5 * SECOND)
    expect(plainly(fleet.events()).map(({ where }) => where)).toEqual(['h-1'])
    expect(plainly(fleet.events())[0]?.text).toContain('driver')
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

  it('does not know whether a GPU works that shows no activity, and judges it by the figures it has', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, { power: 300, gpuTemp: 95 }), START)
    fleet.evaluate(START)
    const row = rowOf(fleet, 'h-1', 0)
    expect([row.state, row.presence, row.conditions]).toEqual(['absent', 'unlisted', ['hot']])
    expect([row.figure('power'), row.figure('gpuTemp')]).toEqual(['ok', 'ok'])
  })

  it('reads a memory temperature of 0 as no sensor (real L4)', () => {
    const fleet = fleetWith()
    scraper(fleet, 'a').answer(gpu('h-1', 0, { ...LIVE, memTemp: 0 }), START)
    fleet.evaluate(START)
    expect(rowOf(fleet, 'h-1', 0).figure('memTemp')).toBe('absent')
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
    const [finding] = plainly(fleet.findings()).findings
    expect(finding).toMatchObject({ id: 'xid/h-1/0/79', severity: 'critical', since: START + 10 * SECOND })
    expect(finding?.what).toContain('XID 79')
    expect(plainly(fleet.events()).filter(({ text }) => text.includes('XID'))).toHaveLength(1)
    exporter.answer(gpu('h-1', 0, { ...LIVE, energy: 2e9, xid: 0 }), START + 605 * SECOND)
    fleet.evaluate(START + 605 * SECOND)
    expect(plainly(fleet.findings()).total).toBe(0)
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
    expect(plainly(fleet.events()).map(({ text }) => text.includes('again'))).toEqual([true, false])
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

it('says of a blank value that it is sent without one, and of a series that is not there that it is not exported', () => {
  const fleet = fleetWith()
  const exporter = scraper(fleet, 'a')
  const why = (id: string) => fleet.gpu('h-1', 0)?.unit.readings.find((reading) => reading.field === id)?.why
  exporter.answer(gpu('h-1', 0, { ...LIVE, eccSbe: 2 ** 63 }), START)
  fleet.evaluate(START)
  expect(why('eccSbe')).toBe('sent without a value (blank or NaN)')
  expect(why('nvlink')).toBe('not exported by its host')
  exporter.answer(gpu('h-1', 0, { ...LIVE, eccSbe: 3 }), START + SECOND)
  fleet.evaluate(START + SECOND)
  expect(why('eccSbe')).toBeUndefined()
  exporter.answer(gpu('h-1', 0, LIVE), START + 2 * SECOND)
  fleet.evaluate(START + 2 * SECOND)
  expect(why('eccSbe')).toBe('no longer sent')
})
