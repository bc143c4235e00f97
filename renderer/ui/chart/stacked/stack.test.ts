import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chosenAmongAll, type Layer, layerAt, stackLayers, stretches } from './stack.ts'

const layer = (name: string, values: readonly (number | null)[], rest = false): Layer => ({
  name,
  rest,
  values,
})

describe('stackLayers', () => {
  it('stands every layer on those below it, and knows no sum of which a part is not known', () => {
    const { layers, totals } = stackLayers([layer('a', [1, 2, null]), layer('b', [3, null, 5])], 3)
    expect(layers[1]?.base).toEqual([1, null, 0])
    expect(layers[1]?.top).toEqual([4, null, 5])
    expect(totals).toEqual([4, null, null])
  })

  it('never turns inside out, whatever comes', () => {
    const value = fc.oneof(fc.constant(null), fc.double({ noDefaultInfinity: false }))
    fc.assert(
      fc.property(fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { maxLength: 5 }), (columns) => {
        const { layers, totals } = stackLayers(
          columns.map((values, at) => layer(String(at), values)),
          4,
        )
        for (const { base, top } of layers) {
          for (const [at, from] of base.entries()) {
            if (from === null) expect(top[at]).toBeNull()
            else expect(top[at]).toBeGreaterThanOrEqual(from)
          }
        }
        for (const total of totals) if (total !== null) expect(total).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('stretches', () => {
  it('are whole runs of what is known, a single point too', () => {
    expect(stretches([1, null, 2, 3, null])).toEqual([
      [0, 0],
      [2, 3],
    ])
  })
})

describe('layerAt', () => {
  it('finds no layer in a gap and above the top', () => {
    const stack = stackLayers([layer('a', [2, null]), layer('b', [3, 3])], 2)
    expect([layerAt(stack, 0, 1), layerAt(stack, 0, 2), layerAt(stack, 0, 5)]).toEqual([0, 1, -1])
    expect(layerAt(stack, 1, 1)).toBe(1)
  })
})

describe('chosenAmongAll', () => {
  const times = [1, 2]

  it('takes a chosen name that was too small for a layer out of the rest', () => {
    const all = { times, series: [layer('a', [9, 9]), layer('', [5, null], true)] }
    const chosen = { times, series: [layer('small', [2, 2])] }
    expect(chosenAmongAll(all, chosen)).toEqual([
      layer('a', [9, 9]),
      layer('small', [2, 2]),
      layer('', [3, null], true),
    ])
  })

  it('shows the chosen alone where the times differ', () => {
    const chosen = { times: [3, 4], series: [layer('small', [2, 2])] }
    expect(chosenAmongAll({ times, series: [layer('a', [9, 9])] }, chosen)).toEqual(chosen.series)
  })
})
