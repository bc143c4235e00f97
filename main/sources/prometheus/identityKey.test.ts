import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseCut, cutQuery, cutUuid, seriesKey } from './identityKey.ts'

const A = 'GPU-c4529c8d-69c4-b61d-e0bc-7b2460096005'
const SAME_TAIL = 'GPU-11111111-2222-b61d-e0bc-7b2460096005'
const SAME_HEAD = 'GPU-c4529c8d-69c4-0000-0000-000000000000'

describe('chooseCut', () => {
  it('takes the last group as long as it distinguishes the floor', () => {
    expect(chooseCut([A, SAME_HEAD])).toBe('tail')
    expect(chooseCut([A, SAME_TAIL])).toBe('head')
    expect(chooseCut([A, SAME_TAIL, SAME_HEAD])).toBe('whole')
  })

  it('counts a GPU that two exporters tell of as one', () => {
    expect(chooseCut([A, A])).toBe('tail')
  })

  it('never merges two boards, whatever they call themselves', () => {
    const uuid = fc.oneof(
      fc.uuid().map((id) => `GPU-${id}`),
      fc.string({ maxLength: 20 }),
      fc.constant(SAME_TAIL),
    )
    fc.assert(
      fc.property(fc.uniqueArray(uuid, { maxLength: 12 }), (uuids) => {
        const cut = chooseCut(uuids)
        expect(new Set(uuids.map((id) => cutUuid(id, cut))).size).toBe(uuids.length)
      }),
    )
  })
})

describe('cutUuid', () => {
  it('keeps the last twelve digits, or the first two groups', () => {
    expect(cutUuid(A, 'tail')).toBe('7b2460096005')
    expect(cutUuid(A, 'head')).toBe('c4529c8d-69c4')
    expect(cutUuid('MIG-c4529c8d-69c4-b61d-e0bc-7b2460096005', 'head')).toBe('c4529c8d-69c4')
  })

  it('leaves alone what has another form, as label_replace does', () => {
    expect(cutUuid('board-7', 'tail')).toBe('board-7')
    expect(cutUuid('', 'head')).toBe('')
  })
})

describe('seriesKey', () => {
  it('meets a fast row: both sides come to the same key', () => {
    const identity = new Map([
      ['UUID', A],
      ['GPU_I_ID', '3'],
    ])
    const row = new Map([
      ['UUID', '7b2460096005'],
      ['GPU_I_ID', '3'],
    ])
    expect(seriesKey(identity, 'tail')).toBe('7b2460096005/3')
    expect(seriesKey(row, 'whole')).toBe('7b2460096005/3')
  })

  it('treats an empty MIG label as none', () => {
    expect(
      seriesKey(
        new Map([
          ['UUID', A],
          ['GPU_I_ID', ''],
        ]),
        'whole',
      ),
    ).toBe(A)
  })
})

describe('cutQuery', () => {
  it('leaves a whole query alone', () => {
    expect(cutQuery('up', 'whole')).toBe('up')
    expect(cutQuery('up', 'tail')).toBe('label_replace(up,"UUID","$1","UUID",".*-(.{12})")')
  })
})
