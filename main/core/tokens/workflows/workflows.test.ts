import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Step } from '../../../../shared/metering/workflows.ts'
import { plainly } from '../../../../test/support/plainly.ts'
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
    expect(steps.map(({ id, depth }) => [id, depth])).toEqual([
      ['1', 0],
      ['2', 0],
      ['3', 0],
      ['4', 1],
      ['5', 0],
    ])
    expect(plainly(warnings)).toEqual([
      'The metering sent 5 of the 9 steps of this job; the rest is not shown.',
      '1 step came more than once and is counted once.',
      '1 step names a parent that was not sent and is shown at the top.',
      'The parents of 3 steps form 2 circles; they are cut at the step with the earliest start, shown at the top.',
    ])
  })

  it('tells of several first steps, and of steps that took more than the job', () => {
    const { warnings, unexplained } = plainly(
      treeOf(job(2, 10n), [step('1', {}, [9n, 0n]), step('2', {}, [4n, 0n])]),
    )
    expect(unexplained).toBe('-3')
    expect(warnings).toEqual([
      'The job has 2 first steps; each is the root of its own tree.',
      'The steps add up to 3 tokens more than the metering counts for the job, so shares of the job are too large.',
    ])
    expect(plainly(treeOf(job(5, 10n), []))).toEqual({
      steps: [],
      unexplained: '10',
      remarks: [],
      warnings: ['The metering sent 0 of the 5 steps of this job; the rest is not shown.'],
    })
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
    const { remarks } = plainly(treeOf(job(answer.length, total), answer))
    expect(remarks[0]?.text).toMatch(
      /^Loop: crm-lookup failed 200 times under ticket-resolution and was tried again each time; that took 402.*M.*tok, 100.*% of the job\. Each of its 200 passes read 2\.01.*M.*tok on average\.$/,
    )
    expect(remarks[0]?.tokens).toBe(total.toString())
    expect(remarks[1]?.text).toMatch(
      /^Growing context: over 200 passes of ticket-resolution, input grew from/,
    )
    expect(remarks.some(({ text }) => text.startsWith('Retries'))).toBe(false)
  })

  it('name retries, dead ends, look-ups without a result and the one large step', () => {
    const { remarks } = plainly(
      treeOf(job(9, 1000n), [
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
      ]),
    )
    expect(remarks.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^Large step: a single pass of llama took 600.*60.*% of the job/),
      expect.stringMatching(/^Retries: 1 step was tried again .* 200/),
      expect.stringMatching(/^Dead ends: 1 branch ended without a result and took 100/),
      'Retrieval: 3 of 4 look-ups found nothing, so the passes after them went without.',
    ])
    expect(remarks[2]?.stepIds).toEqual(['1'])
  })

  const failing = (id: number, outcome: Step['outcome'] = 'failed') =>
    step(String(id), { parentId: '0', kind: 'tool', name: 'sql', outcome })
  const agent = step('0', { kind: 'agent', name: 'agent' })
  const of = (answer: readonly Step[]) => {
    const total = answer.reduce((sum, { tokens }) => sum + tokens.input + tokens.output, 0n)
    return { total, remarks: plainly(treeOf(job(answer.length, total), answer).remarks) }
  }
  const passes = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => step(String(from + i), { parentId: '0' }, [100n, 0n]))

  it('call failures that lie far apart, or between successes, no loop', () => {
    const apart = Array.from({ length: 6 }, (_, i) => [failing(40 * i + 1), ...passes(40 * i + 2, 39)])
    expect(of([agent, ...apart.flat()]).remarks).toEqual([])
    const between = Array.from({ length: 8 }, (_, i) => [failing(3 * i + 1), failing(3 * i + 2, 'ok')])
    expect(of([agent, ...between.flat(), ...passes(100, 5)]).remarks).toEqual([])
  })

  it('count of a loop only what belongs to it', () => {
    const loop = Array.from({ length: 5 }, (_, i) => [failing(2 * i + 50), ...passes(2 * i + 51, 1)])
    const { remarks } = of([agent, ...passes(1, 40), ...loop.flat(), ...passes(70, 30)])
    expect(remarks.map(({ tokens }) => tokens)).toEqual(['500'])
    expect(remarks[0]?.stepIds).toHaveLength(10)
    expect(remarks[0]?.text).toMatch(/^Loop: sql failed 5 times under agent/)
  })

  it('name a call that is made again and again though it comes to something', () => {
    const calls = Array.from({ length: 30 }, (_, i) => [failing(2 * i + 1, 'ok'), ...passes(2 * i + 2, 1)])
    expect(of([agent, ...calls.flat()]).remarks.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^Repetition: sql was called 30 times in a row under agent; with the passes between, that took 3\.00.*k.*tok, 100/,
      ),
    ])
    const large = step('90', { parentId: '0' }, [9000n, 0n])
    expect(of([agent, ...calls.flat(), large]).remarks.map(({ text }) => text.split(':')[0])).toEqual([
      'Large step',
      'Repetition',
    ])
    expect(
      of([agent, ...calls.flat(), { ...large, tokens: { ...large.tokens, input: 90_000n } }]).remarks,
    ).toHaveLength(1)
  })

  it('tell of contexts that grow once, and not of one large pass', () => {
    const growing = (parent: string, from: number, factor: bigint) =>
      Array.from({ length: 12 }, (_, i) =>
        step(String(from + i), { parentId: parent }, [BigInt(i + 1) * factor, 1n]),
      )
    const helper = step('1', { kind: 'agent', name: 'helper', parentId: '0' })
    const { remarks } = of([agent, helper, ...growing('0', 10, 100n), ...growing('1', 30, 1000n)])
    expect(remarks.map(({ text, tokens, stepIds }) => [text, tokens, stepIds.length])).toEqual([
      [
        expect.stringMatching(
          /^Growing context: over 12 passes of helper, input grew from 2\.00.*k.*tok to 11\.0.*k.*tok a pass, and likewise in 1 other place; reading it took 85\.8.*k.*tok, 99\.9.*% of the job\.$/,
        ),
        '85800',
        24,
      ],
    ])
    const even = Array.from({ length: 12 }, (_, i) =>
      step(String(10 + i), { parentId: '0' }, [i === 11 ? 900n : 100n, 0n]),
    )
    expect(of([agent, ...even]).remarks).toEqual([])
  })

  it('name an agent that calls itself', () => {
    const nest = Array.from({ length: 2000 }, (_, i) =>
      step(String(i), { kind: 'agent', name: 'planner', parentId: i === 0 ? null : String(i - 1) }, [1n, 0n]),
    )
    const { remarks } = of([...nest, step('5000', { parentId: '0' }, [1n, 0n])])
    expect(remarks.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^Recursion: planner called itself 2,000 levels deep; everything below the first took 2\.00.*k/,
      ),
    ])
    expect(remarks[0]?.tokens).toBe('1999')
  })

  it('count no token twice, not those of a retry in a retry', () => {
    const again = (id: string, parentId: string, attempt: number) =>
      step(id, { parentId, attempt, outcome: 'failed' }, [100n, 0n])
    const { remarks } = of([agent, again('1', '0', 2), again('2', '1', 2), again('3', '2', 3)])
    expect(remarks.map(({ text, tokens, stepIds }) => [text.split(':')[0], tokens, stepIds])).toEqual([
      ['Retries', '300', ['1']],
      ['Dead ends', '300', ['1']],
    ])
  })

  it('take no more than the job has, in any tree', () => {
    const any = fc.array(
      fc.record({
        parentId: fc.integer({ min: 0, max: 30 }).map(String),
        kind: fc.constantFrom('agent', 'tool', 'model', 'retrieval' as const),
        name: fc.constantFrom('a', 'b'),
        outcome: fc.constantFrom('ok', 'failed', 'missed', 'cancelled' as const),
        attempt: fc.integer({ min: 1, max: 3 }),
        tokens: fc.bigInt({ min: 0n, max: 2n ** 60n }),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(any, (given) => {
        const { total, remarks } = of([
          agent,
          ...given.map(({ tokens, ...over }, i) => step(String(i + 1), over, [tokens, 0n])),
        ])
        for (const [i, { tokens }] of remarks.entries()) {
          expect(BigInt(tokens)).toBeLessThanOrEqual(total)
          if (i > 0) expect(BigInt(tokens)).toBeLessThanOrEqual(BigInt(remarks[i - 1]?.tokens ?? '0'))
        }
      }),
    )
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
