import { describe, expect, it } from 'vitest'
import { PALETTES } from '../../../draw/colour.ts'
import { layoutIcicle } from '../../../draw/icicle/icicle.ts'
import { stepOf } from '../../../state/workflows/testing/steps.ts'
import { jobTree } from '../../../state/workflows/tree.ts'
import type { Colours } from '../../../ui/theme/colours.ts'
import { cellWords, icicleLooks } from './icicleLooks.ts'

const palette = PALETTES.dark
const colours = new Proxy({} as Colours, { get: () => '#336699' })

/** Units stand behind a thin space. */
const plain = (text = '') => text.replaceAll('\u2009', ' ')

function drawn(tree: ReturnType<typeof jobTree>, rows = 9) {
  const layout = layoutIcicle(tree, {
    branch: -1,
    unexplained: Number(tree.unexplained),
    width: 300,
    rowHeight: 24,
    rows,
    smallest: 3,
  })
  const looks = icicleLooks(layout, tree, { name: 'audit', colours, palette })
  return layout.cells.map((cell, i) => ({ cell, look: looks[i], words: cellWords(cell, tree, 'audit') }))
}

describe('the look of the icicle', () => {
  it('names the job, its steps and what no step explains', () => {
    const tree = jobTree([stepOf('a', null, 700_000n, { name: 'plan' })], 1_000_000n)
    expect(drawn(tree).map(({ look }) => [look?.label, plain(look?.figure)])).toEqual([
      ['audit', '1.00 M tok'],
      ['plan', '700 k tok'],
      ['not explained by any step', '300 k tok'],
    ])
    expect(drawn(tree).map(({ words }) => plain(words))).toEqual([
      'audit, the whole job: 1.00 M tok',
      'plan, model pass: 700 k tok in total',
      '300 k tok of the job that no step explains',
    ])
  })

  it('hatches what was wasted, and nothing else', () => {
    const tree = jobTree([stepOf('a', null, 5n, { outcome: 'timeout' }), stepOf('b', null, 5n)], 10n)
    expect(drawn(tree).map(({ look }) => look?.hatched)).toEqual([false, true, false])
  })

  it('says what small steps beside one another have in common', () => {
    const passes = Array.from({ length: 1000 }, (_, i) => [
      stepOf(`t${i}`, null, 0n, { kind: 'tool', name: 'lookup' }),
      stepOf(`m${i}`, null, 10n),
    ]).flat()
    expect(drawn(jobTree(passes, 10_000n))[1]?.look?.label).toBe('1,000 × llama')
    const mixed = passes.map((step, i) => (i === 7 ? { ...step, name: 'qwen' } : step))
    expect(drawn(jobTree(mixed, 10_000n))[1]?.look?.label).toBe('2,000 steps')
  })

  it('says how much lies deeper', () => {
    const tree = jobTree([stepOf('a', null, 0n), stepOf('b', 'a', 5n), stepOf('c', 'b', 5n)], 10n)
    expect(drawn(tree, 2)[1]?.words).toContain('2 steps are deeper, Enter shows them')
  })
})
