import { describe, expect, it } from 'vitest'
import { boardsOf, inTurnDoubts, MachinesInTurn } from './machinesInTurn.ts'
import { plainly } from '../../../test/support/plainly.ts'

const machine = (name: string, boards = 2) =>
  new Set(Array.from({ length: boards }, (_, i) => `GPU-${name}-${i}`))

function after(...answers: readonly ReadonlySet<string>[]): MachinesInTurn {
  const seen = new MachinesInTurn()
  answers.forEach((uuids, i) => seen.note(uuids, i * 1000))
  return seen
}

describe('an address', () => {
  it('of one machine says what is gone from the first answer on, whatever board leaves it', () => {
    expect(after(machine('a', 8)).why).toBeNull()
    expect(after(machine('a', 8), machine('a', 7), machine('a', 1), machine('a', 8)).why).toBeNull()
    expect(after(machine('a'), new Set()).why).toBeNull()
  })

  it('that another machine takes is believed with its second answer', () => {
    expect(after(machine('a'), machine('b')).why).toContain('other GPUs than before')
    const taken = after(machine('a'), machine('b'), machine('b'))
    expect([taken.why, taken.count]).toEqual([null, 1])
  })

  it('that two machines take one after the other over a long time is no service', () => {
    const days = Array.from({ length: 20 }, () => machine('b'))
    expect(after(machine('a'), ...days, machine('c'), machine('c')).why).toBeNull()
  })

  it.each([
    ['two', ['a', 'b', 'a']],
    ['many', ['a', 'b', 'c']],
    ['two, of which one answers often', ['a', 'b', 'b', 'b', 'a', 'a']],
  ])('of %s machines in turn takes nothing back', (_, names) => {
    const seen = after(...names.map((name) => machine(name)))
    expect(seen.why).toContain('several machines in turn')
    expect(seen.count).toBe(new Set(names).size)
  })

  it('that was seen to turn between two looks is known by its second machine', () => {
    const seen = after(machine('a'))
    seen.turned(500)
    expect([seen.count, seen.why]).toEqual([1, null])
    seen.note(machine('b'), 1000)
    seen.note(machine('b'), 2000)
    expect([seen.count, seen.why?.includes('in turn')]).toEqual([2, true])
    const again = after(machine('a'))
    again.turned(500)
    again.turned(1500)
    expect([again.count, again.why?.includes('in turn')]).toEqual([2, true])
  })

  it('is believed again once it was one machine’s for an hour', () => {
    const seen = after(machine('a'), machine('b'), machine('a'))
    seen.note(machine('a'), 3_600_000)
    expect(seen.count).toBe(2)
    seen.note(machine('a'), 3_603_000)
    expect([seen.count, seen.why]).toEqual([1, null])
  })
})

it('reads boards by any spelling of their UUIDs', () => {
  const labels = [{ UUID: 'GPU-1' }, { gpu_uuid: 'GPU-2' }, { uuid: 'GPU-3' }, { Hostname: 'h' }]
  const series = labels.map((each) => ({ labels: new Map(Object.entries(each)) }))
  expect([...boardsOf(series)]).toEqual(['GPU-1', 'GPU-2', 'GPU-3'])
})

it('names the first address and counts the others', () => {
  expect(inTurnDoubts([])).toEqual([])
  expect(plainly(inTurnDoubts([['gpu.svc:9400', 3]]))[0]?.by).toBe('gpu.svc:9400, at least 3 machines')
  expect(
    plainly(
      inTurnDoubts([
        ['a:1', 2],
        ['b:1', 2],
      ]),
    )[0]?.by,
  ).toBe('a:1, at least 2 machines; 1 other address')
})
