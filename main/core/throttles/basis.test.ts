import { describe, expect, it } from 'vitest'
import { textOf } from '../../../shared/messages/format.ts'
import { type Basis, PREVIEW_HOLDS_MS, voidedBy } from './basis.ts'

const BASIS: Basis = {
  etag: '"1"',
  base: { tpm: 20_000_000, rpm: null, maxConcurrent: null },
  others: ['thr-1@1'],
  tokensPerMin: 17_600_000,
  at: 0,
}
const said = (change: Partial<Basis>) => voidedBy(BASIS, { ...BASIS, ...change }).map((each) => textOf(each))

describe('a preview', () => {
  it('holds while nothing that it was made on is different', () => {
    expect(said({ at: PREVIEW_HOLDS_MS, tokensPerMin: 20_000_000 })).toEqual([])
  })

  it.each<[Partial<Basis>, RegExp]>([
    [{ at: PREVIEW_HOLDS_MS + 1 }, /30 s old/],
    [{ base: { ...BASIS.base, tpm: 10_000_000 } }, /from 20,000,000 to 10,000,000/],
    [{ base: { ...BASIS.base, rpm: 5 } }, /from none to 5 requests per minute/],
    [{ others: [] }, /other throttles/],
    [{ others: ['thr-1@2'] }, /other throttles/],
    [{ etag: '"2"' }, /changed back/],
    [{ tokensPerMin: 10_000_000 }, /17,600,000.*10,000,000/],
    [{ tokensPerMin: null }, /no longer known/],
  ])('%j makes it void', (change, words) => {
    expect(said(change).join(' ')).toMatch(words)
  })

  it('is not void because a quiet tenant stirs', () => {
    const quiet = { ...BASIS, tokensPerMin: 100 }
    expect(voidedBy(quiet, { ...quiet, tokensPerMin: 5_000 })).toEqual([])
  })
})
