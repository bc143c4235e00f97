import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../../shared/model/finding.ts'
import { unreadConditions, unreadText } from './unread.tsx'
import { said } from '../../../../shared/messages/message.ts'

const AT = Date.UTC(2026, 10, 30, 14, 2, 9)
const finding = (more: Partial<Finding>): Finding => ({
  id: 'hot/h-1/0',
  kind: 'hot',
  severity: 'critical',
  what: said('GPU temperature above its limit'),
  where: 'h-1 · GPU 0',
  rows: [4],
  gpus: 1,
  since: AT,
  by: said('95 °C, limit 90 °C'),
  nextStep: said(''),
  ...more,
})

describe('a finding whose figures are not read any more', () => {
  it('says since when, with the date on another day', () => {
    const unread = finding({ unreadSince: AT })
    expect(unreadText(unread, 'UTC', AT + 3_600_000)).toBe('not read since 14:02 UTC')
    expect(unreadText(unread, 'UTC', AT + 86_400_000)).toBe('not read since 30 Nov 2026 14:02 UTC')
    expect(unreadText(finding({}), 'UTC', AT)).toBe('')
  })

  it('says so at its cells, by condition', () => {
    const list = [
      finding({ unreadSince: AT }),
      finding({ kind: 'power', unreadSince: AT, rows: [5] }),
      finding({ kind: 'ecc' }),
    ]
    expect([...unreadConditions(list, 4, 'UTC', AT)]).toEqual([['hot', 'not read since 14:02 UTC']])
    expect([...unreadConditions(list, 5, 'UTC', AT).keys()]).toEqual(['overLimit'])
  })
})
