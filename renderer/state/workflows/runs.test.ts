import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsOf } from './rows.ts'
import { foldRuns, runsOf } from './runs.ts'
import { stepOf } from './testing/steps.ts'
import { jobTree } from './tree.ts'

const named = (id: string, parent: string | null, name: string, own = 1n) => ({
  ...stepOf(id, parent, own),
  name,
})

describe('runsOf', () => {
  it('finds what repeats, also where several steps repeat together', () => {
    expect(runsOf('aaaaab'.split(''))).toEqual([{ from: 0, pattern: 1, times: 5 }])
    expect(runsOf('xababababab'.split(''))).toEqual([{ from: 1, pattern: 2, times: 5 }])
    expect(runsOf('abcabcabcabcx'.split(''))).toEqual([{ from: 0, pattern: 3, times: 4 }])
    expect(runsOf('aaabbbccc'.split(''))).toEqual([])
  })

  it('overlaps nothing and repeats exactly what it says, of any steps', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 60 }), (keys) => {
        let end = 0
        for (const { from, pattern, times } of runsOf(keys)) {
          expect(from).toBeGreaterThanOrEqual(end)
          end = from + pattern * times
          expect(end).toBeLessThanOrEqual(keys.length)
          for (let i = from + pattern; i < end; i++) expect(keys[i]).toBe(keys[i - pattern])
        }
      }),
    )
  })
})

describe('foldRuns', () => {
  it('makes one line of a loop of thousands, with its count and its tokens', () => {
    const steps = [
      named('top', null, 'agent'),
      ...Array.from({ length: 9818 }, (_, i) => named(`s${i}`, 'top', i % 2 ? 'search' : 'llama', 10n)),
    ]
    const job = jobTree(steps, 98_181n)
    const { tree, folded, original, isRun } = foldRuns(job)
    const rows = rowsOf(tree, new Set([0]))
    expect(rows).toHaveLength(2)
    const run = tree.steps[rows[1] ?? -1]
    expect([run?.name, run?.total]).toEqual(['4,909 × llama → search', '98180'])
    expect([...tree.totals].slice(0, 2)).toEqual([98_181, 98_180])
    // What its steps used themselves, and not 0 because they did.
    expect(run?.own).toBe('98180')
    expect(isRun[1]).toBe(1)
    expect(original[folded[700] ?? -1]).toBe(700)
  })

  it('says how many of a run were wasted', () => {
    const steps = Array.from({ length: 6 }, (_, i) => ({
      ...named(`s${i}`, null, 'fetch'),
      outcome: i < 2 ? ('failed' as const) : ('ok' as const),
    }))
    expect(foldRuns(jobTree(steps, 6n)).tree.steps[0]?.name).toMatch(/^6 × fetch, 2.steps wasted$/u)
  })

  it('loses no step and no token of any tree, and keeps the order', () => {
    const parents = fc.array(fc.tuple(fc.nat(), fc.constantFrom('a', 'b')), { maxLength: 60 })
    fc.assert(
      fc.property(parents, (given) => {
        const steps = given.map(([parent, name], i) =>
          named(String(i), parent % (i + 1) === i ? null : String(parent % (i + 1)), name),
        )
        const job = jobTree(steps, BigInt(steps.length))
        const { tree, folded, original, isRun } = foldRuns(job)
        expect(tree.roots.reduce((sum, root) => sum + (tree.totals[root] ?? 0), 0)).toBe(steps.length)
        expect(new Set(folded).size).toBe(steps.length)
        steps.forEach((step, place) => {
          const at = folded[place] ?? -1
          expect([tree.steps[at]?.id, original[at], isRun[at]]).toEqual([step.id, place, 0])
          expect(tree.totals[at]).toBe(job.totals[place])
        })
      }),
    )
  })
})
