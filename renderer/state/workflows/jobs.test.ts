import { describe, expect, it } from 'vitest'
import type { WorkflowList, WorkflowRow } from '../../../shared/contract/tenants.ts'
import { firstPage, MOST_ROWS, refreshed, withPage } from './jobs.ts'

const QUESTION = { tenant: 'acme', fromMs: 0, toMs: 1 }
const row = (id: string, total = '1') => ({ id, total }) as WorkflowRow
const page = (rows: WorkflowRow[], nextCursor: string | null, started = 0) =>
  ({ workflows: rows, nextCursor, totals: { started } }) as unknown as WorkflowList

describe('pages of jobs', () => {
  it('follow one another, each job once, with the newest of what is said of it', () => {
    const list = withPage(
      firstPage(QUESTION, page([row('a'), row('b')], '1', 3)),
      page([row('b', '7'), row('c')], '2', 4),
    )
    expect(list.rows.map(({ id, total }) => [id, total])).toEqual([
      ['a', '1'],
      ['b', '7'],
      ['c', '1'],
    ])
    expect([list.pages, list.nextCursor, list.totals.started]).toEqual([2, '2', 4])
  })

  it('take the newest first page in: who grew climbs, who is new comes in, what was read further stays', () => {
    const list = withPage(
      firstPage(QUESTION, page([row('a', '9'), row('b', '8')], '1', 3)),
      page([row('c', '2')], '2', 3),
    )
    const now = refreshed(list, page([row('b', '11'), row('d', '5')], '1', 4))
    expect(now.rows.map(({ id, total }) => [id, total])).toEqual([
      ['b', '11'],
      ['a', '9'],
      ['d', '5'],
      ['c', '2'],
    ])
    expect([now.pages, now.nextCursor, now.totals.started]).toEqual([2, '2', 4])
  })

  it('end where a back end gives the same page or cursor again', () => {
    const first = firstPage(QUESTION, page([row('a')], '1'))
    expect(withPage(first, page([row('a')], '2')).nextCursor).toBeNull()
    expect(withPage(first, page([row('b')], '1')).nextCursor).toBeNull()
  })

  it('end where reading stops', () => {
    const many = Array.from({ length: MOST_ROWS + 5 }, (_, i) => row(String(i)))
    const list = withPage(firstPage(QUESTION, page([], '1')), page(many, '2'))
    expect([list.rows.length, list.nextCursor]).toEqual([MOST_ROWS, null])
  })
})
