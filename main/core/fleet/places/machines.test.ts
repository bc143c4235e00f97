import { describe, expect, it } from 'vitest'
import { createHistory } from '../history/history.ts'
import {
  fleetWith,
  gpu,
  gpuLabels,
  inventoryOf,
  rowOf,
  type Sample,
  SECOND,
  series,
  START,
} from '../testkit.ts'
import type { LiveFleet } from '../types.ts'
import { plainly } from '../../../../test/support/plainly.ts'

/** Which machine a board stands in: identity hangs on no single label. */

let joules = 1e9

function board(hostname: string, slot: number, uuid: string, watts = 400): Sample[] {
  joules += 100
  return gpu(hostname, slot, { power: watts, smActive: 0.5, energy: joules }, { UUID: uuid })
}

/** An exporter at an address, with the labels that discovery gives it. */
function exporter(fleet: LiveFleet, source: string, target: Record<string, string> = {}) {
  return (samples: readonly Sample[], at: number): void =>
    fleet.observe({
      source,
      sampledAt: at,
      cadenceMs: 5 * SECOND,
      complete: true,
      rows: {
        speaker: { name: source, scope: 'machine' },
        target: new Map(Object.entries(target)),
        series: samples.map(([id, labels]) => series(id, labels)),
        values: Float64Array.from(samples, ([, , value]) => value),
      },
    })
}

const names = (fleet: LiveFleet): string[] => fleet.topology().hosts.map(({ name }) => name)
const codes = (fleet: LiveFleet, source: string): string[] => fleet.doubts(source).map(({ code }) => code)

describe('02: machines that call themselves localhost', () => {
  it('are distinguished by their addresses, and each of them says which label is wrong', () => {
    const fleet = fleetWith()
    const all = [1, 2, 3, 4, 5, 6].map((i) => exporter(fleet, `10.20.0.1${i}:9400`))
    for (let s = 0; s <= 60; s += 5) {
      all.forEach((answer, i) =>
        answer(
          [...board('localhost', 0, `GPU-${i}-0`), ...board('localhost', 1, `GPU-${i}-1`)],
          START + s * SECOND,
        ),
      )
      fleet.evaluate(START + s * SECOND)
    }
    expect(names(fleet)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `10.20.0.1${i}`))
    expect(fleet.rollCall()).toMatchObject({ present: 12, missing: 0 })
    expect(codes(fleet, '10.20.0.13:9400')).toEqual(['wrong-host-name'])
    expect(fleet.findings().total).toBe(0)
  })
})

describe('two machines of one name', () => {
  it('are distinguished: the first keeps the name, the other goes by its address with all its boards', () => {
    const fleet = fleetWith()
    const first = exporter(fleet, '10.0.0.1:9400')
    const second = exporter(fleet, '10.0.0.2:9400')
    for (let s = 0; s <= 60; s += 5) {
      first([...board('gpu-node', 0, 'GPU-a0'), ...board('gpu-node', 1, 'GPU-a1')], START + s * SECOND)
      second(
        [0, 1, 2, 3].flatMap((slot) => board('gpu-node', slot, `GPU-b${slot}`)),
        START + (s + 1) * SECOND,
      )
      fleet.evaluate(START + (s + 1) * SECOND)
    }
    expect(names(fleet)).toEqual(['10.0.0.2:9400', 'gpu-node'])
    expect(fleet.gpu('gpu-node', 0)?.uuid).toBe('GPU-a0')
    expect(fleet.host('10.0.0.2:9400')?.present).toBe(4)
    expect(codes(fleet, '10.0.0.1:9400')).toEqual([])
    expect(codes(fleet, '10.0.0.2:9400')).toEqual(['shared-host-name'])
    expect(fleet.findings().total).toBe(0)
  })

  /** Two machines of one name in this order of addresses; `uuid` names their boards. */
  const twoOf = (
    addresses: readonly [string, string],
    uuid: (machine: string, slot: number) => string,
    options: Parameters<typeof fleetWith>[0] = {},
  ) => {
    const fleet = fleetWith(options)
    const all = addresses.map((address) => [address, exporter(fleet, address)] as const)
    for (let s = 0; s <= 60; s += 5) {
      all.forEach(([address, answer], i) => {
        const samples = [0, 1].flatMap((slot) =>
          board(
            'gpu-node',
            slot,
            uuid(address, slot),
            slot + Number(address.split('.')[3]?.split(':')[0]) * 10,
          ),
        )
        answer(samples, START + (s + i) * SECOND)
      })
      fleet.evaluate(START + (s + 1) * SECOND)
    }
    return fleet
  }
  const ONE = '10.0.0.1:9400'
  const TWO = '10.0.0.2:9400'

  it.each([
    ['a learnt floor', {}],
    ['a listed one', { inventory: inventoryOf({ 'gpu-node': 2 }) }],
  ])('have the same names after every start, whichever answers first, on %s', (_, options) => {
    for (const order of [
      [ONE, TWO],
      [TWO, ONE],
    ] as const) {
      const fleet = twoOf(order, (address, slot) => `GPU-${address}-${slot}`, options)
      expect(names(fleet).toSorted()).toEqual([TWO, 'gpu-node'])
      expect([0, 1].map((slot) => fleet.gpu('gpu-node', slot)?.uuid)).toEqual([
        `GPU-${ONE}-0`,
        `GPU-${ONE}-1`,
      ])
      expect([0, 1].map((slot) => fleet.gpu(TWO, slot)?.uuid)).toEqual([`GPU-${TWO}-0`, `GPU-${TWO}-1`])
      expect(codes(fleet, TWO)).toEqual(['shared-host-name'])
      expect(codes(fleet, ONE)).toEqual([])
      expect(fleet.rollCall().missing).toBe(0)
      expect(fleet.findings().findings.filter(({ kind }) => kind !== 'unexpected')).toEqual([])
      expect(plainly(fleet.events()).filter(({ text }) => /another board/i.test(text))).toEqual([])
    }
  })

  it('are distinguished by their addresses where no board has a UUID', () => {
    for (const order of [
      [ONE, TWO],
      [TWO, ONE],
    ] as const) {
      const fleet = twoOf(order, () => '')
      expect(names(fleet).toSorted()).toEqual([TWO, 'gpu-node'])
      expect([rowOf(fleet, 'gpu-node', 1).value('power'), rowOf(fleet, TWO, 1).value('power')]).toEqual([
        11, 21,
      ])
      expect(codes(fleet, TWO)).toEqual(['shared-host-name'])
      expect(fleet.findings().total).toBe(0)
    }
  })

  it('keep their names when the other way takes over', () => {
    const fleet = twoOf([TWO, ONE], () => '')
    for (const address of [ONE, TWO]) fleet.release(address, 'the other way')
    const ways = [TWO, ONE].map((instance) => exporter(fleet, `Prometheus (${instance})`, { instance }))
    for (let s = 70; s <= 140; s += 5) {
      ways.forEach((answer, i) =>
        answer(
          [0, 1].flatMap((slot) => board('gpu-node', slot, '', slot + (i === 0 ? 20 : 10))),
          START + s * SECOND,
        ),
      )
      fleet.evaluate(START + s * SECOND)
    }
    expect(names(fleet).toSorted()).toEqual([TWO, 'gpu-node'])
    expect([rowOf(fleet, 'gpu-node', 0).value('power'), rowOf(fleet, TWO, 0).value('power')]).toEqual([
      10, 20,
    ])
    expect(fleet.findings().total).toBe(0)
  })

  it('without UUIDs at one address are two sources of one machine, and that is said', () => {
    const fleet = twoOf(['10.0.0.1:9401', '10.0.0.1:9400'], () => '')
    expect(names(fleet)).toEqual(['gpu-node'])
    expect(codes(fleet, '10.0.0.1:9400')).toEqual(['contested'])
  })

  it('one of which lies about the other displaces no board, also when the first falls silent', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 1 }) })
    const real = exporter(fleet, '10.0.0.1:9400')
    const liar = exporter(fleet, '10.0.0.9:9400')
    real(board('h-1', 0, 'GPU-real', 600), START)
    for (let s = 1; s <= 100; s += 5) {
      liar(board('h-1', 0, 'GPU-fake', 1), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(fleet.gpu('h-1', 0)?.uuid).toBe('GPU-real')
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'stale', presence: 'present' })
  })

  it('that share a machine with other boards are one machine', () => {
    const fleet = fleetWith()
    exporter(fleet, '10.0.0.1:9400')(board('h-1', 0, 'GPU-0'), START)
    exporter(fleet, '10.0.0.1:9401')(board('h-1', 1, 'GPU-1'), START)
    fleet.evaluate(START)
    expect(names(fleet)).toEqual(['h-1'])
  })
})

it.each([['GPU-1'], ['']])('a machine whose name changes its case is the same one (UUID %j)', (uuid) => {
  const fleet = fleetWith()
  const answer = exporter(fleet, '10.0.0.1:9400')
  for (let s = 0; s <= 60; s += 5) {
    answer(board(s < 30 ? 'H-1' : 'h-1', 0, uuid), START + s * SECOND)
    fleet.evaluate(START + s * SECOND)
  }
  expect(names(fleet)).toHaveLength(1)
  expect(fleet.findings().total).toBe(0)
})

describe('boards that answer elsewhere', () => {
  it('after the rollout of a pod have moved with their machine: nothing missing, nothing twice, history goes on', () => {
    const fleet = fleetWith()
    const history = createHistory({ fields: ['power'], budgetBytes: 1 << 20 })
    const record = (): void => {
      for (const { from, to } of fleet.takeRenames()) history.rename(from, to)
      history.record(fleet.frame(['power']), fleet.topology())
    }
    const boards = (pod: string) => [0, 1].flatMap((slot) => board(pod, slot, `GPU-${slot}`))
    const old = exporter(fleet, '10.1.0.7:9400')
    for (let s = 0; s <= 30; s += 5) {
      old(boards('dcgm-exporter-abc12'), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      record()
    }
    fleet.release('10.1.0.7:9400', 'no longer a target')
    const young = exporter(fleet, '10.1.0.8:9400')
    for (let s = 40; s <= 120; s += 5) {
      young(boards('dcgm-exporter-xyz98'), START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
      record()
    }
    expect(names(fleet)).toEqual(['dcgm-exporter-xyz98'])
    expect(fleet.rollCall()).toMatchObject({ present: 2, missing: 0 })
    expect(fleet.findings().total).toBe(0)
    const read = history.read({
      rows: [0],
      fields: ['power'],
      fromMs: START,
      toMs: START + 200 * SECOND,
      maxPoints: 100,
    })
    const known = read.series[0]?.values.filter((value) => value !== null).length ?? 0
    expect(known).toBe(7 + 17)
  })

  it('under a new address have moved with it, where nothing else names the machine', () => {
    const fleet = fleetWith()
    exporter(fleet, '10.1.0.7:9400')(board('localhost', 0, 'GPU-0'), START)
    fleet.release('10.1.0.7:9400')
    exporter(fleet, '10.1.0.8:9400')(board('localhost', 0, 'GPU-0'), START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    expect(names(fleet)).toEqual(['10.1.0.8'])
  })

  it('one by one leave the machine that they stood in, which keeps its name', () => {
    const fleet = fleetWith()
    const from = exporter(fleet, 'a:9400')
    const to = exporter(fleet, 'b:9400')
    const three = [0, 1, 2].flatMap((slot) => board('h-1', slot, `GPU-${slot}`))
    from(three, START)
    to(board('h-2', 0, 'GPU-x'), START)
    fleet.evaluate(START)
    // Board 2 is put into h-2: first it is gone, then it answers there.
    for (let s = 5; s <= 60; s += 5) {
      from([...board('h-1', 0, 'GPU-0'), ...board('h-1', 1, 'GPU-1')], START + s * SECOND)
      to([...board('h-2', 0, 'GPU-x'), ...(s > 30 ? board('h-2', 1, 'GPU-2') : [])], START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(names(fleet)).toEqual(['h-1', 'h-2'])
    expect(fleet.host('h-1')?.rows).toHaveLength(2)
    expect(fleet.gpu('h-2', 1)?.uuid).toBe('GPU-2')
    expect(fleet.findings().total).toBe(0)
    expect(plainly(fleet.events()).some(({ text }) => text === 'Its board was in h-1 · GPU 2 before')).toBe(
      true,
    )
  })

  it('while their first source still answers stay where they are, and both are named', () => {
    const fleet = fleetWith()
    const first = exporter(fleet, 'a:9400')
    const second = exporter(fleet, 'b:9400')
    for (let s = 0; s <= 30; s += 5) {
      first(board('h-1', 0, 'GPU-0', 400), START + s * SECOND)
      second(board('h-other', 0, 'GPU-0', 410), START + (s + 1) * SECOND)
      fleet.evaluate(START + (s + 1) * SECOND)
    }
    expect(names(fleet)).toEqual(['h-1'])
    expect(rowOf(fleet, 'h-1', 0)).toMatchObject({ state: 'ok' })
    expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(400)
    expect(plainly(fleet.doubts('b:9400'))).toMatchObject([
      { code: 'contested', by: '1 GPU, kept by a:9400' },
    ])
  })

  it('are implausible where the two sources say quite different things', () => {
    const fleet = fleetWith()
    const first = exporter(fleet, 'a:9400')
    const second = exporter(fleet, 'b:9400')
    for (let s = 0; s <= 30; s += 5) {
      first(board('h-1', 0, 'GPU-0', 600), START + s * SECOND)
      second(board('h-1', 0, 'GPU-0', 60), START + (s + 1) * SECOND)
      fleet.evaluate(START + (s + 1) * SECOND)
    }
    expect(rowOf(fleet, 'h-1', 0).figure('power')).toBe('implausible')
    expect(rowOf(fleet, 'h-1', 0).figure('smActive')).toBe('ok')
    expect(rowOf(fleet, 'h-1', 0).conditions).toContain('implausible')
  })

  it('go to the second source once the first is gone', () => {
    const fleet = fleetWith()
    const second = exporter(fleet, 'b:9400')
    exporter(fleet, 'a:9400')(board('h-1', 0, 'GPU-0', 400), START)
    second(board('h-1', 0, 'GPU-0', 410), START + SECOND)
    fleet.release('a:9400', 'connection refused')
    second(board('h-1', 0, 'GPU-0', 420), START + 6 * SECOND)
    fleet.evaluate(START + 6 * SECOND)
    expect(rowOf(fleet, 'h-1', 0).value('power')).toBe(420)
    expect(codes(fleet, 'b:9400')).toEqual([])
  })
})

describe('what names a machine best', () => {
  it('is the address that the inventory lists, where the Hostname fits two machines', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'h-1.dc1.x': 1, 'h-1.dc2.x': 1 }) })
    exporter(fleet, 'h-1.dc1.x:9400')(board('h-1', 0, 'GPU-1'), START)
    exporter(fleet, 'h-1.dc2.x:9400')(board('h-1', 0, 'GPU-2'), START)
    fleet.evaluate(START)
    expect(names(fleet)).toEqual(['h-1.dc1.x', 'h-1.dc2.x'])
    expect(fleet.rollCall()).toEqual({ expected: 2, present: 2, missing: 0, unexpected: 0 })
  })

  it('is what is known, where the other way to the floor names a pod', () => {
    const fleet = fleetWith({ inventory: inventoryOf({ 'n-1': 2 }) })
    const boards = (name: string) => [0, 1].flatMap((slot) => board(name, slot, `GPU-${slot}`))
    exporter(fleet, 'Prometheus (10.0.0.1:9400)', { node: 'n-1' })(boards('dcgm-exporter-abcde'), START)
    fleet.release('Prometheus (10.0.0.1:9400)')
    exporter(fleet, '10.0.0.1:9400')(boards('dcgm-exporter-abcde'), START + 5 * SECOND)
    fleet.evaluate(START + 5 * SECOND)
    expect(fleet.rollCall()).toEqual({ expected: 2, present: 2, missing: 0, unexpected: 0 })
    expect(rowOf(fleet, 'n-1', 1).state).toBe('ok')
  })

  it('is the address of now, where boards were put into another machine without a name', () => {
    const fleet = fleetWith()
    const [one, two] = [exporter(fleet, '10.0.0.1:9400'), exporter(fleet, '10.0.0.2:9400')]
    const say = (answer: typeof one, at: number, ...uuids: string[]) =>
      answer(
        uuids.flatMap((uuid, slot) => board('localhost', slot, uuid)),
        START + at * SECOND,
      )
    say(one, 0, 'a0', 'a1')
    say(two, 0, 'b0', 'b1')
    fleet.evaluate(START)
    fleet.release('10.0.0.1:9400', 'timeout')
    fleet.release('10.0.0.2:9400', 'timeout')
    for (let s = 600; s <= 660; s += 5) {
      say(two, s, 'a0', 'b1')
      if (s > 630) say(one, s, 'b0', 'a1')
      fleet.evaluate(START + s * SECOND)
    }
    expect(fleet.gpu('10.0.0.2', 0)?.uuid).toBe('a0')
    expect(fleet.gpu('10.0.0.1', 0)?.uuid).toBe('b0')
    expect(fleet.abnormal().critical).toBe(0)
  })

  it('stays one machine when its boards are renumbered while the pod of its exporter changes', () => {
    const fleet = fleetWith()
    exporter(fleet, '10.1.0.8:9400')([...board('n', 0, 'a'), ...board('n', 1, 'b')], START)
    const young = exporter(fleet, '10.1.0.9:9400')
    for (let s = 5; s <= 60; s += 5) {
      if (s === 30) fleet.release('10.1.0.8:9400')
      young([...board('n', 0, 'b'), ...board('n', 1, 'a')], START + s * SECOND)
      fleet.evaluate(START + s * SECOND)
    }
    expect(names(fleet)).toEqual(['n'])
  })
})

it('does not call it a dispute when two readings of an idle board differ by a little', () => {
  const fleet = fleetWith()
  const idle = (fbUsed: number, smActive: number) => gpu('h-1', 0, { power: 70, fbUsed, smActive })
  const [first, second] = [exporter(fleet, 'a:9400'), exporter(fleet, 'b:9400')]
  for (let s = 0; s <= 120; s += 5) {
    first(idle(0, 0), START + s * SECOND)
    second(idle(3, 0.0004), START + (s + 1) * SECOND)
    fleet.evaluate(START + (s + 1) * SECOND)
  }
  expect(rowOf(fleet, 'h-1', 0).conditions).not.toContain('implausible')
})

it('trusts no UUID that one answer gives to several boards', () => {
  const fleet = fleetWith()
  exporter(fleet, 'a:9400')(
    [0, 1, 2].flatMap((slot) => board('h-1', slot, 'GPU-same')),
    START,
  )
  fleet.evaluate(START)
  expect(fleet.topology().gpus.slot).toEqual([0, 1, 2])
})

it('prefers a name that the inventory lists, whichever label has it', () => {
  const fleet = fleetWith({ inventory: inventoryOf({ 'h-1': 1 }) })
  exporter(fleet, 'a:9400', { node: 'h-1' })(board('ip-10-0-0-1', 0, 'GPU-0'), START)
  fleet.evaluate(START)
  expect(names(fleet)).toEqual(['h-1'])
  expect(gpuLabels('x', 0)['Hostname']).toBe('x')
})
