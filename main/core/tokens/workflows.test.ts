import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from '../../../shared/metering/workflows.ts'
import { costPerSuccess, treeOf } from './workflows.ts'

const START = Date.UTC(2026, 10, 24, 3)
const step = (id: string, over: Partial<Step> = {}, tokens: readonly [bigint, bigint] = [0n, 0n]): Step => ({
  id,
  parentId: null,
  kind: 'model',
  name: 'llama',
  model: 'llama',
  endpoint: 'agents',
  gpuType: 'H100',
  startedAt: new Date(START + Number(id.replace(/\D/g, '') || 0) * 1000).toISOString(),
  endedAt: null,
  outcome: 'ok',
  attempt: 1,
  cost: null,
  ...over,
  tokens: { input: tokens[0], output: tokens[1], cachedInput: 0n, reasoning: 0n },
})
const job = (steps: number, input: bigint, output = 0n) => ({
  steps,
  tokens: { input, output, cachedInput: 0n, reasoning: 0n },
})

describe('treeOf', () => {
  it('puts parents before their children and sums what is under them', () => {
    const { steps, unexplained, warnings } = treeOf(job(4, 100n, 30n), [
      step('3', { parentId: '1' }, [20n, 5n]),
      step('2', { parentId: '1' }, [10n, 5n]),
      step('4', { parentId: '2' }, [1n, 1n]),
      step('1', { kind: 'agent', name: 'agent' }, [50n, 10n]),
    ])
    expect(steps.map(({ id, depth, own, total }) => [id, depth, own, total])).toEqual([
      ['1', 0, '60', '102'],
      ['2', 1, '15', '17'],
      ['4', 2, '2', '2'],
      ['3', 1, '25', '25'],
    ])
    expect(unexplained).toBe('28')
    expect(warnings).toEqual([])
  })

  it('loses no step to doubled names, missing parents and circles, and tells of each', () => {
    const { steps, warnings } = treeOf(job(9, 0n), [
      step('1'),
      step('1', {}, [5n, 5n]),
      step('2', { parentId: 'nowhere' }),
      step('3', { parentId: '4' }),
      step('4', { parentId: '3' }),
      step('5', { parentId: '5' }),
    ])
    expect(steps.map(({ id }) => id).toSorted()).toEqual(['1', '2', '3', '4', '5'])
    expect(warnings).toEqual([
      "The back end gave 5 of the job's 9 steps.",
      '1 step came twice and is counted once.',
      '1 step names a parent that the answer does not hold; it is shown at the top.',
      '2 steps are their own ancestor; they are shown at the top.',
    ])
  })

  it('goes ten thousand steps deep', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) =>
      step(String(i), i === 0 ? {} : { parentId: String(i - 1) }, [1n, 0n]),
    )
    const { steps } = treeOf(job(10_000, 10_000n), chain.toReversed())
    expect(steps[0]?.total).toBe('10000')
    expect(steps.at(-1)?.depth).toBe(9999)
  })

  it('explains every token of any tree once', () => {
    const steps = fc.array(
      fc.record({
        id: fc.integer({ min: 0, max: 12 }).map(String),
        parentId: fc.option(fc.integer({ min: 0, max: 14 }).map(String)),
        tokens: fc.bigInt({ min: 0n, max: 2n ** 60n }),
      }),
      { maxLength: 20 },
    )
    fc.assert(
      fc.property(steps, (given) => {
        const answer = given.map(({ id, parentId, tokens }) => step(id, { parentId }, [tokens, 0n]))
        const tree = treeOf(job(answer.length, 0n), answer)
        const unique = new Map(answer.toReversed().map((each) => [each.id, each.tokens.input]))
        expect(tree.steps).toHaveLength(unique.size)
        const all = [...unique.values()].reduce((a, b) => a + b, 0n)
        expect(-BigInt(tree.unexplained)).toBe(all)
        const top = tree.steps.filter(({ depth }) => depth === 0)
        expect(top.reduce((sum, { total }) => sum + BigInt(total), 0n)).toBe(all)
      }),
    )
  })
})

describe('remarks', () => {
  it('answer why a job took 400 million tokens', () => {
    const answer = [step('0', { kind: 'agent', name: 'ticket-resolution', outcome: 'running' })]
    for (let i = 0; i < 200; i++) {
      const shared = { parentId: '0', attempt: i + 1 }
      answer.push(
        step(String(2 * i + 1), { ...shared, kind: 'tool', name: 'crm-lookup', outcome: 'failed' }),
        step(String(2 * i + 2), shared, [BigInt(20_000 * (i + 1)), 1000n]),
      )
    }
    const total = answer.reduce((sum, { tokens }) => sum + tokens.input + tokens.output, 0n)
    const { remarks } = treeOf(job(answer.length, total), answer)
    expect(remarks[0]?.text).toMatch(
      /^Loop: crm-lookup failed 200 times under ticket-resolution, and each time it was decided to try again; that took 402.*M.*tok, 100.*% of the job\.$/,
    )
    expect(remarks[0]?.tokens).toBe(total.toString())
    expect(remarks[1]?.text).toMatch(
      /^Growing context: over 200 passes of ticket-resolution the input grew from/,
    )
    expect(remarks.some(({ text }) => text.startsWith('Retries'))).toBe(false)
  })

  it('name retries, dead ends, look-ups without a result and the one large step', () => {
    const { remarks } = treeOf(job(9, 1000n), [
      step('0', { kind: 'agent', name: 'review' }),
      step('1', { parentId: '0', kind: 'agent', name: 'helper', outcome: 'failed' }),
      step('2', { parentId: '1', outcome: 'timeout' }, [100n, 0n]),
      step('3', { parentId: '0', attempt: 2 }, [150n, 50n]),
      step('4', { parentId: '0' }, [600n, 0n]),
      ...[5, 6, 7, 8].map((i) =>
        step(String(i), {
          parentId: '0',
          kind: 'retrieval',
          name: 'index',
          outcome: i < 8 ? 'missed' : 'ok',
        }),
      ),
    ])
    expect(remarks.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^One step: a single pass of llama took 600.*60.*% of the job/),
      expect.stringMatching(/^Retries: 1 step was tried again .* 200/),
      expect.stringMatching(/^Dead ends: 1 branch ended without a result, after 100/),
      'Retrieval: 3 of 4 look-ups found nothing, so the passes after them had to do without.',
    ])
    expect(remarks[2]?.stepIds).toEqual(['1'])
  })

  it('say nothing about a job in which nothing is odd', () => {
    const answer = [
      step('0', { kind: 'agent' }),
      ...[1, 2, 3].map((i) => step(String(i), { parentId: '0' }, [10n, 1n])),
    ]
    expect(treeOf(job(4, 33n), answer).remarks).toEqual([])
  })
})

describe('costPerSuccess', () => {
  it('is the cost of all attempts over the successes, and unknown without either', () => {
    const cost = { amount: '10', currency: 'USD' }
    expect(costPerSuccess({ succeeded: 3, cost })).toEqual({ amount: '3.333333333', currency: 'USD' })
    expect(costPerSuccess({ succeeded: 0, cost })).toBeNull()
    expect(costPerSuccess({ succeeded: 3, cost: null })).toBeNull()
  })
})
