import fc from 'fast-check'
import { expect, it } from 'vitest'
import { inOrderOf } from './layerOrder.ts'

const layers = (...names: string[]) => names.map((name) => ({ name, rest: name === '' }))
const namesOf = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name)

it('keeps the places of who was there, puts who is new above them, and the rest on top', () => {
  expect(namesOf(inOrderOf(['a', 'b', 'c'], layers('b', 'd', 'a', '')))).toEqual(['a', 'b', 'd', ''])
  expect(namesOf(inOrderOf([], layers('b', 'a', '')))).toEqual(['b', 'a', ''])
})

it('loses no layer, and never swaps two that were there before', () => {
  const some = fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e'))
  fc.assert(
    fc.property(some, some, (before, now) => {
      const shown = namesOf(inOrderOf(before, layers(...now)))
      expect(shown.toSorted()).toEqual(now.toSorted())
      const kept = before.filter((name) => now.includes(name))
      expect(shown.filter((name) => kept.includes(name))).toEqual(kept)
    }),
  )
})
