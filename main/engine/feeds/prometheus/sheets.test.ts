import { describe, expect, it } from 'vitest'
import { FIGURE } from '../../../../shared/model/figure.ts'
import { createLiveFleet } from '../../../core/fleet/index.ts'
import { chooseCut, cutUuid } from '../../../sources/prometheus/index.ts'
import { atOnce } from '../../../platform/turn.ts'
import { type Identities, learnIdentities, type Labels } from './identities.ts'
import { FAST_QUESTIONS, type FloorQuestion, SLOW_QUESTIONS } from './questions.ts'
import { Sheets } from './sheets.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const T0 = 1_700_000_000_000

function uuid(host: string, gpu: number): string {
  return `GPU-00000000-0000-0000-0000-${host.replace(/\D/g, '').padStart(8, '0')}000${gpu}`
}

function identitiesOf(...of: Parameters<typeof learnIdentities>): Identities {
  return atOnce(learnIdentities(...of))
}

function identityRow(host: string, gpu: number, more: Record<string, string> = {}): Labels {
  return new Map(
    Object.entries({
      UUID: uuid(host, gpu),
      gpu: String(gpu),
      Hostname: host,
      modelName: 'NVIDIA H100 80GB HBM3',
      instance: `${host}:9400`,
      ...more,
    }),
  )
}

function question(id: string): FloorQuestion {
  const found = [...FAST_QUESTIONS, ...SLOW_QUESTIONS].find((each) => each.id === id)
  if (!found) throw new Error(`no question ${id}`)
  return found
}

/** A floor of two hosts of two GPUs, fed by columns. */
function start(rows: readonly Labels[] = [...hall('h-1'), ...hall('h-2')]) {
  const fleet = createLiveFleet({
    site: 'S',
    inventory: null,
    limits: {},
    staleAfterMs: 30_000,
    freezeAfterMs: 90_000,
  })
  const identities = identitiesOf(rows, new Map())
  const sheets = new Sheets(fleet, identities, { name: 'fast', everyMs: 0 })
  const column = (
    cells: readonly (readonly [string, number, number])[],
    extra: Record<string, string> = {},
  ) => ({
    series: cells.map(([host, gpu]) => ({
      labels: new Map(Object.entries({ UUID: cutUuid(uuid(host, gpu), identities.cut), ...extra })),
    })),
    values: Float64Array.from(cells, ([, , value]) => value),
  })
  const shown = (now: number) => {
    fleet.evaluate(now)
    const topology = fleet.topology()
    const frame = fleet.frame(['power', 'gpuTemp'])
    return Object.fromEntries(
      topology.gpus.host.map((host, row) => [
        `${topology.hosts[host]?.name}/${topology.gpus.slot[row]}`,
        { power: frame.values[0]?.[row], state: frame.states[0]?.[row], row: frame.state[row] },
      ]),
    )
  }
  return { fleet, sheets, identities, column, shown }
}

function hall(host: string): Labels[] {
  return [identityRow(host, 0), identityRow(host, 1)]
}

const all = [
  ['h-1', 0, 400],
  ['h-1', 1, 410],
  ['h-2', 0, 500],
  ['h-2', 1, 510],
] as const
const times = (at: number) =>
  new Map([
    ['h-1:9400', at],
    ['h-2:9400', at],
  ])

describe('sheets', () => {
  it('put a column of the whole floor where each row belongs', () => {
    const { sheets, column, shown } = start()
    atOnce(sheets.put(question('power'), column(all), times(T0), true))
    atOnce(sheets.ingest(times(T0), true, () => null))
    expect(shown(T0 + 100)).toMatchObject({
      'h-1/0': { power: 400, state: FIGURE.ok },
      'h-1/1': { power: 410 },
      'h-2/0': { power: 500 },
      'h-2/1': { power: 510, state: FIGURE.ok },
    })
  })

  it('find rows again in another order, and tell what vanished from what is not reached', () => {
    const { fleet, sheets, column, shown } = start()
    const warm = (cells: readonly (readonly [string, number, number])[]) =>
      column(cells.map(([host, gpu]) => [host, gpu, 60]))
    atOnce(sheets.put(question('power'), column(all), times(T0), true))
    atOnce(sheets.put(question('gpuTemp'), warm(all), times(T0), true))
    atOnce(sheets.ingest(times(T0), true, () => null))
    // h-1's exporter answers without the power of GPU 1; h-2's exporter is not reached, its rows are gone with it.
    const reached = new Map([['h-1:9400', T0 + 5000]])
    atOnce(sheets.put(question('power'), column([['h-1', 0, 405]]), reached, true))
    atOnce(sheets.put(question('gpuTemp'), warm(all.slice(0, 2).toReversed()), reached, true))
    sheets.releaseLost(reached)
    atOnce(sheets.ingest(reached, true, () => null))
    const soon = shown(T0 + 6000)
    expect(soon['h-1/0']).toMatchObject({ power: 405, state: FIGURE.ok })
    expect(soon['h-1/1']?.state).toBe(FIGURE.absent)
    expect(soon['h-2/0']).toMatchObject({ power: 500, state: FIGURE.ok })
    expect(shown(T0 + 45_000)['h-2/0']).toMatchObject({ power: 500, state: FIGURE.stale })
    const finding = plainly(fleet.findings()).findings.find(({ where }) => where === 'h-2')
    expect(finding?.what).toContain('(Prometheus has no current sample of it)')
  })

  it('let figures of a question that failed keep their age', () => {
    const { sheets, column, shown } = start()
    atOnce(sheets.put(question('power'), column(all), times(T0), true))
    atOnce(
      sheets.put(question('gpuTemp'), column(all.map(([host, gpu]) => [host, gpu, 60])), times(T0), true),
    )
    atOnce(sheets.ingest(times(T0), true, () => null))
    for (let at = T0 + 10_000; at <= T0 + 60_000; at += 10_000) {
      atOnce(
        sheets.put(question('gpuTemp'), column(all.map(([host, gpu]) => [host, gpu, 61])), times(at), true),
      )
      atOnce(sheets.ingest(times(at), true, () => null))
    }
    expect(shown(T0 + 61_000)['h-1/0']).toMatchObject({
      power: 400,
      state: FIGURE.stale,
      row: FIGURE.absent,
    })
  })

  it('take back what was answered while another question fails for ever', () => {
    const { fleet, sheets, column, shown } = start()
    const put = (
      id: string,
      cells: readonly (readonly [string, number, number])[],
      at: number,
      whole = true,
    ) => atOnce(sheets.put(question(id), column(cells), times(at), whole))
    const host = all.slice(0, 2)
    put('power', all, T0)
    put(
      'smActive',
      all.map(([name, gpu]) => [name, gpu, 0.5]),
      T0,
    )
    put(
      'gpuTemp',
      host.map(([name, gpu]) => [name, gpu, 60]),
      T0,
    )
    atOnce(sheets.ingest(times(T0), true, () => null))
    for (let at = T0 + 5_000; at <= T0 + 60_000; at += 5_000) {
      // SM activity is not answered any more; h-1 has no temperature, and GPU 1 of it is gone.
      put(
        'power',
        all.filter((_, i) => i !== 1).map(([name, gpu, value]) => [name, gpu, value + (at - T0) / 5_000]),
        at,
      )
      put('gpuTemp', [], at)
      atOnce(sheets.ingest(times(at), true, () => null, 'SM activity was not answered'))
      if (at === T0 + 10_000)
        atOnce(sheets.relabel(identitiesOf([identityRow('h-1', 0), ...hall('h-2')], new Map())))
    }
    const now = shown(T0 + 61_000)
    expect(now['h-1/0']).toMatchObject({ power: 412, state: FIGURE.ok })
    const readings = fleet.gpu('h-1', 0)?.unit.readings ?? []
    expect(readings.find(({ field }) => field === 'gpuTemp')).toMatchObject({ state: 'absent' })
    expect(readings.find(({ field }) => field === 'smActive')).toMatchObject({ state: 'stale', value: 0.5 })
    expect(plainly(fleet.findings()).findings).toMatchObject([{ kind: 'missing', where: 'h-1 · GPU 1' }])
  })

  it('call no GPU missing whose only question is the one that fails', () => {
    const { fleet, sheets, column } = start()
    atOnce(sheets.put(question('power'), column(all.slice(1)), times(T0), true))
    atOnce(sheets.put(question('fbUsed'), column([['h-1', 0, 1000]]), times(T0), true))
    atOnce(sheets.ingest(times(T0), true, () => null))
    for (let at = T0 + 5_000; at <= T0 + 120_000; at += 5_000) {
      const cells = all.slice(1).map(([name, gpu, value]) => [name, gpu, value + at / 1e12] as const)
      atOnce(sheets.put(question('power'), column(cells), times(at), true))
      atOnce(sheets.ingest(times(at), true, () => null))
      fleet.evaluate(at)
    }
    expect(plainly(fleet.findings()).findings).toMatchObject([{ kind: 'stale', where: 'h-1', gpus: 1 }])
  })

  it('miss the GPUs of an exporter that answers without them, and wait for one that is down', () => {
    for (const answering of [new Set<string>(), new Set(['h-1:9400'])]) {
      const { fleet, sheets, column } = start()
      atOnce(sheets.put(question('power'), column(all), times(T0), true))
      atOnce(sheets.ingest(times(T0), true, () => null))
      for (let at = T0 + 5_000; at <= T0 + 60_000; at += 5_000) {
        const left = new Map([['h-2:9400', at]])
        if (at === T0 + 10_000)
          atOnce(sheets.relabel(identitiesOf(hall('h-2'), new Map()), { answering, at }))
        const cells = all.slice(2).map(([name, gpu, value]) => [name, gpu, value + at / 1e12] as const)
        atOnce(sheets.put(question('power'), column(cells), left, true))
        sheets.releaseLost(left)
        atOnce(sheets.ingest(left, true, () => null))
        fleet.evaluate(at)
      }
      const { findings } = plainly(fleet.findings())
      expect(findings).toMatchObject([
        { kind: answering.size > 0 ? 'missing' : 'stale', where: 'h-1', gpus: 2 },
      ])
    }
  })

  it('place GPUs without a UUID by their exporter and number', () => {
    const bare = (gpu: number, instance: string) =>
      new Map(
        Object.entries({
          gpu: String(gpu),
          Hostname: instance.slice(0, 3),
          instance,
          modelName: 'NVIDIA L4',
        }),
      )
    const identities = identitiesOf(
      [bare(0, 'h-1:9400'), bare(1, 'h-1:9400'), bare(0, 'h-2:9400'), ...hall('h-3')],
      new Map(),
    )
    expect([identities.cut, identities.unnamed, identities.byKey.size]).toEqual(['place', 0, 5])
    const { fleet, sheets, shown } = start([])
    atOnce(sheets.relabel(identities))
    const rows = [
      bare(0, 'h-1:9400'),
      bare(1, 'h-1:9400'),
      bare(0, 'h-2:9400'),
      identityRow('h-3', 0),
      new Map(),
    ]
    const at = new Map(['h-1', 'h-2', 'h-3'].map((host) => [`${host}:9400`, T0]))
    atOnce(
      sheets.put(
        question('power'),
        { series: rows.map((labels) => ({ labels })), values: Float64Array.of(1, 2, 3, 4, 5) },
        at,
        true,
      ),
    )
    atOnce(sheets.ingest(at, true, () => null))
    expect(sheets.takeUnknown()).toBe(0)
    expect(shown(T0 + 100)).toMatchObject({
      'h-1/0': { power: 1 },
      'h-1/1': { power: 2 },
      'h-2/0': { power: 3 },
      'h-3/0': { power: 4 },
    })
    expect(fleet.topology().gpus.host).toHaveLength(4)
  })

  it('count rows of unknown GPUs, until they are learnt', () => {
    const { sheets, column, shown } = start(hall('h-1'))
    const answer = column(all)
    atOnce(sheets.put(question('power'), answer, times(T0), true))
    expect(sheets.takeUnknown()).toBe(2)
    atOnce(sheets.ingest(times(T0), true, () => null))
    expect(Object.keys(shown(T0))).toEqual(['h-1/0', 'h-1/1'])
    atOnce(sheets.relabel(identitiesOf([...hall('h-1'), ...hall('h-2')], new Map())))
    atOnce(sheets.put(question('power'), answer, times(T0 + 5000), true))
    expect(sheets.takeUnknown()).toBe(0)
    atOnce(sheets.ingest(times(T0 + 5000), true, () => null))
    expect(shown(T0 + 5000)['h-2/1']).toMatchObject({ power: 510, state: FIGURE.ok })
  })

  it('learn a new workload without losing a figure', () => {
    const { fleet, sheets, column, shown } = start()
    atOnce(sheets.put(question('power'), column(all), times(T0), true))
    atOnce(sheets.ingest(times(T0), true, () => null))
    const busy = identityRow('h-1', 0, { pod: 'train-7', namespace: 'ml', container: 'main' })
    atOnce(sheets.relabel(identitiesOf([busy, identityRow('h-1', 1), ...hall('h-2')], new Map())))
    atOnce(sheets.ingest(times(T0), true, () => null))
    expect(shown(T0 + 1000)['h-1/0']).toMatchObject({ power: 400, state: FIGURE.ok })
    expect(fleet.gpu('h-1', 0)?.workloads[0]).toMatchObject({ pod: 'train-7', namespace: 'ml' })
  })

  it('keep XID counts of one GPU apart by their code', () => {
    const { fleet, sheets, column } = start()
    atOnce(sheets.put(question('power'), column(all), times(T0), true))
    const counts = question('xidCounts')
    const answer = column([['h-1', 0, 3]], { xid: '48', window_size_in_ms: '300000' })
    const more = column([['h-1', 0, 1]], { xid: '63', window_size_in_ms: '300000' })
    const both = {
      series: [...answer.series, ...more.series],
      values: Float64Array.of(3, 1),
    }
    atOnce(sheets.put(counts, both, times(T0), true))
    atOnce(sheets.ingest(times(T0), true, () => null))
    fleet.evaluate(T0)
    expect(
      fleet
        .gpu('h-1', 0)
        ?.xids.map(({ code, count }) => `${code}x${count}`)
        .toSorted(),
    ).toEqual(['48x3', '63x1'])
  })
})

describe('identities', () => {
  it('keep boards apart by as little as distinguishes them', () => {
    const rows = [...hall('h-1'), ...hall('h-2')]
    expect(identitiesOf(rows, new Map()).byKey.size).toBe(4)
    expect(identitiesOf(rows, new Map(), { cut: 'whole' }).byKey.has(uuid('h-2', 1))).toBe(true)
    expect(chooseCut(rows.map((row) => row.get('UUID') ?? ''))).toBe('tail')
  })

  it('change their signature with anything about a target, and with nothing else', () => {
    const before = identitiesOf([...hall('h-1'), ...hall('h-2')], new Map()).signatures
    const turned = identitiesOf([...hall('h-2'), ...hall('h-1')].toReversed(), new Map()).signatures
    expect(turned).toEqual(before)
    const moved = identitiesOf(
      [...hall('h-1'), identityRow('h-2', 0, { pod: 'x' }), identityRow('h-2', 1)],
      new Map(),
    )
    expect(moved.signatures.get('h-1:9400')).toBe(before.get('h-1:9400'))
    expect(moved.signatures.get('h-2:9400')).not.toBe(before.get('h-2:9400'))
  })

  it('skip what has no UUID, and count it', () => {
    const { byKey, unnamed } = identitiesOf([new Map([['instance', 'h-9:9400']]), ...hall('h-1')], new Map())
    expect([byKey.size, unnamed]).toEqual([2, 1])
  })

  it('believe the target that has samples of two that show one GPU', () => {
    const rows = [
      identityRow('h-1', 0, { instance: 'gone:9400', pod: 'x' }),
      identityRow('h-1', 0, { instance: 'new:9400' }),
    ]
    const times = new Map([['new:9400', T0]])
    const [found] = identitiesOf(rows, new Map(), { times }).byKey.values()
    expect(found?.instance).toBe('new:9400')
  })

  it('keep what they knew where the answer is a part', () => {
    const before = identitiesOf([...hall('h-1'), ...hall('h-2')], new Map())
    expect(identitiesOf(hall('h-1'), new Map(), { before }).byKey.size).toBe(4)
    expect(identitiesOf(hall('h-1'), new Map()).byKey.size).toBe(2)
  })
})

describe('pods that share a GPU', () => {
  const of = (pod: string, vgpu: string) =>
    identityRow('h-1', 0, { pod, namespace: 'ml', container: 'main', vgpu })
  const rows = [of('b', '1'), of('a', '0'), identityRow('h-1', 1)]
  const at = new Map([['h-1:9400', T0]])

  function shares(identities: Identities, values: Record<string, number>) {
    return {
      series: Object.keys(values).map((vgpu) => ({
        labels: new Map(Object.entries({ UUID: cutUuid(uuid('h-1', 0), identities.cut), vgpu })),
      })),
      values: Float64Array.from(Object.values(values)),
    }
  }

  function pods(fleet: ReturnType<typeof start>['fleet']) {
    return fleet.gpu('h-1', 0)?.workloads.map(({ pod, own }) => [pod, ...own.map(({ value }) => value)])
  }

  it('are all named, with what is their own; one that leaves takes its share with it', () => {
    const { fleet, sheets, identities } = start(rows)
    atOnce(sheets.put(question('fbUsed'), shares(identities, { 0: 100, 1: 300 }), at, true))
    atOnce(sheets.ingest(at, true, () => null))
    fleet.evaluate(T0 + 100)
    expect(pods(fleet)).toEqual([
      ['a', 100],
      ['b', 300],
    ])
    expect(fleet.frame(['fbUsed']).values[0]?.[0]).toBe(400)
    const later = new Map([['h-1:9400', T0 + 5000]])
    atOnce(sheets.put(question('fbUsed'), shares(identities, { 1: 310 }), later, true))
    atOnce(sheets.ingest(later, true, () => null))
    fleet.evaluate(T0 + 5100)
    expect(fleet.frame(['fbUsed']).values[0]?.[0]).toBe(310)
    atOnce(sheets.relabel(identitiesOf([of('b', '1'), identityRow('h-1', 1)], new Map())))
    atOnce(sheets.ingest(later, true, () => null))
    expect(pods(fleet)).toEqual([['b']])
  })

  it('count one whose name is not known yet, without giving its share to another', () => {
    const { fleet, sheets, identities } = start(rows)
    atOnce(sheets.put(question('fbUsed'), shares(identities, { 0: 100, 1: 300, 2: 7 }), at, true))
    expect(sheets.takeUnknown()).toBe(1)
    atOnce(sheets.ingest(at, true, () => null))
    fleet.evaluate(T0 + 100)
    expect([fleet.frame(['fbUsed']).values[0]?.[0], pods(fleet)]).toEqual([
      407,
      [
        ['a', 100],
        ['b', 300],
      ],
    ])
  })

  it('are the same whatever the order of the rows, and of the target that is believed alone', () => {
    const found = identitiesOf(rows, new Map())
    const turned = identitiesOf(rows.toReversed(), new Map())
    expect([...turned.signatures]).toEqual([...found.signatures])
    const elsewhere = identityRow('h-1', 0, { pod: 'old', namespace: 'ml', instance: 'gone:9400' })
    const [first] = identitiesOf([elsewhere, ...rows], new Map(), { times: at }).byKey.values()
    expect([first?.labels.get('pod'), first?.sharers.map((labels) => labels.get('pod'))]).toEqual([
      'a',
      ['b'],
    ])
  })
})
