import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ALLOWANCES,
  BUDGETED,
  createBudget,
  createBudgets,
  type Budgeted,
  DemandTally,
  PROBATION_MS,
} from './budget.ts'
import { SECOND, START } from '../testkit.ts'

const MINUTE = 60 * SECOND

function demand(kind: Budgeted, names: readonly string[]) {
  const tally = new DemandTally()
  for (const name of names) tally.add(kind, name)
  return tally.demand
}

/** Names that were never used before. */
const fresh = (() => {
  let next = 0
  return (count: number) => Array.from({ length: count }, () => `n-${next++}`)
})()

describe('the budget of an exporter', () => {
  it('lets a machine be learnt at once, and a new board now and then', () => {
    const budget = createBudget('e', 'machine')
    expect(budget.admit('e', demand('gpus', fresh(20)), START)).toBe(true)
    for (let minute = 1; minute < 60; minute++) {
      expect(budget.admit('e', demand('gpus', fresh(8)), START + minute * MINUTE)).toBe(true)
    }
    expect(budget.quarantine(START + 60 * MINUTE)).toBeNull()
  })

  it('learns nothing of an answer that goes beyond it, and says what that was', () => {
    const budget = createBudget('e', 'machine')
    expect(budget.admit('e', demand('hosts', fresh(60_000)), START)).toBe(false)
    expect(budget.quarantine(START)).toEqual({
      since: START,
      kind: 'hosts',
      brought: 60_000,
      orMore: false,
      limit: 16,
      inAll: false,
    })
    expect(budget.admit('e', demand('hosts', fresh(1)), START + SECOND)).toBe(false)
  })

  it('is spent by little and often, too', () => {
    const budget = createBudget('e', 'machine')
    const answers = Array.from({ length: 40 }, (_, i) =>
      budget.admit('e', demand('hosts', fresh(1)), START + i * 5 * SECOND),
    )
    expect(answers.filter(Boolean).length).toBeLessThanOrEqual(16 + 3)
    expect(answers.at(-1)).toBe(false)
  })

  it('bounds what is known at the same time', () => {
    const budget = createBudget('e', 'machine')
    budget.held.gpus = 510
    expect(budget.admit('e', demand('gpus', fresh(2)), START)).toBe(true)
    budget.held.gpus = 512
    expect(budget.admit('e', demand('gpus', fresh(1)), START)).toBe(false)
    expect(budget.quarantine(START)).toMatchObject({ kind: 'gpus', limit: 512, inAll: true })
  })
})

describe('quarantine', () => {
  it('ends once the same names have stood for two minutes', () => {
    const budget = createBudget('p', 'machine')
    budget.admit('p', demand('hosts', fresh(10)), START)
    const real = demand('hosts', fresh(12))
    let at = START + SECOND
    expect(budget.admit('p', real, at)).toBe(false)
    for (; at < START + PROBATION_MS; at += 15 * SECOND) expect(budget.admit('p', real, at)).toBe(false)
    expect(budget.admit('p', real, START + SECOND + PROBATION_MS)).toBe(true)
    expect(budget.quarantine(START + SECOND + PROBATION_MS)).toBeNull()
  })

  it('does not end while the names change', () => {
    const budget = createBudget('p', 'machine')
    for (let i = 0; i < 200; i++) {
      const at = START + i * 15 * SECOND
      const admitted = budget.admit('p', demand('hosts', fresh(12)), at)
      expect(admitted).toBe(i === 0)
    }
  })

  it('does not end for names that are more than anybody may bring, however long they stand', () => {
    const budget = createBudget('p', 'machine')
    const standing = demand('hosts', fresh(17))
    for (let i = 0; i < 100; i++) expect(budget.admit('p', standing, START + i * 15 * SECOND)).toBe(false)
  })

  it('ends two minutes after the source has nothing new to say', () => {
    const budget = createBudget('p', 'machine')
    budget.admit('p', demand('hosts', fresh(17)), START)
    expect(budget.quarantine(START + PROBATION_MS - 1)).not.toBeNull()
    expect(budget.quarantine(START + PROBATION_MS)).toBeNull()
    expect(budget.troubledUntil(START + 10 * MINUTE)).toBe(START + PROBATION_MS)
  })

  it('ends also where the clock was set back meanwhile', () => {
    const budget = createBudget('p', 'machine')
    budget.admit('p', demand('hosts', fresh(17)), START)
    const back = START - 3_600_000
    expect(budget.quarantine(back)).not.toBeNull()
    expect(budget.quarantine(back + PROBATION_MS)).toBeNull()
  })

  it('judges the parts of one Prometheus together', () => {
    const budget = createBudget('Prometheus', 'floor')
    let admitted = 0
    for (let part = 0; part < 60_000; part++)
      if (budget.admit(`part ${part}`, demand('hosts', fresh(1)), START)) admitted++
    expect(admitted).toBe(ALLOWANCES.floor.hosts.burst)
  })
})

it('counts every name once, and knows equal names in any order', () => {
  const one = demand('gpus', ['a', 'b', 'b', 'c'])
  const other = demand('gpus', ['c', 'a', 'b'])
  expect(one.amounts.gpus).toBe(3)
  expect(other.names).toBe(one.names)
  expect(demand('gpus', ['a', 'b', 'd']).names).not.toBe(one.names)
})

it('forgets the budgets of exporters that came and went, not those that still hold something', () => {
  const budgets = createBudgets()
  const kept = budgets.of('kept', 'machine')
  kept.held.gpus = 8
  const bad = budgets.of('bad', 'machine')
  bad.admit('bad', demand('hosts', fresh(100)), START)
  for (let i = 0; i < 10_000; i++) budgets.of(`pod-${i}`, 'machine')
  expect(budgets.of('kept', 'machine')).toBe(kept)
  expect(budgets.quarantined(START).map(({ name }) => name)).toEqual(['bad'])
})

it('never admits more than the burst, and the refill of the time that has passed', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...BUDGETED),
      fc.array(fc.record({ count: fc.nat(40), pauseMs: fc.nat(30_000) }), { maxLength: 60 }),
      (kind, answers) => {
        const budget = createBudget('e', 'machine')
        const { burst, perMinute } = ALLOWANCES.machine[kind]
        let at = START
        let admitted = 0
        let releases = 0
        for (const { count, pauseMs } of answers) {
          at += pauseMs
          const before = budget.quarantine(at - pauseMs)
          if (before !== null && budget.quarantine(at) === null) releases++
          if (budget.admit('e', demand(kind, fresh(count)), at)) admitted += count
        }
        const refilled = ((at - START) / 60_000) * perMinute
        expect(admitted).toBeLessThanOrEqual(burst * (1 + releases) + refilled)
      },
    ),
  )
})
