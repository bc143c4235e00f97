import { describe, expect, it } from 'vitest'
import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { healthyStatus } from '../../../test/fixtures/fakeEngine.ts'
import { floorVerdict } from './verdict.ts'
import { said } from '../../../shared/messages/message.ts'

const NOW = Date.UTC(2026, 10, 23)
const verdict = (more: Partial<ConsoleStatus>, stale: number | null = null) =>
  floorVerdict({ ...healthyStatus(NOW), ...more }, stale, NOW)

describe('floorVerdict', () => {
  it('says OK only for fresh samples of a floor without findings', () => {
    expect(verdict({}).word).toBe('FLOOR OK')
  })

  it.each([
    ['the line is lost', {}, NOW - 3000],
    [
      'nothing feeds the floor',
      { feed: { path: 'none', since: 0, reason: 'No way.', fallback: false } },
      null,
    ],
    ['no sample was accepted yet', { newestSampleAt: null }, null],
    ['the newest sample is old', { newestSampleAt: NOW - 61_000 }, null],
    ['no GPU answers', { rollCall: { expected: null, present: 0, missing: 0, unexpected: 0 } }, null],
  ] as const)('is unknown, never OK, when %s', (_, more, stale) => {
    expect(verdict(more, stale)).toMatchObject({ kind: 'unknown', word: 'FLOOR UNKNOWN' })
    expect(verdict(more, stale).reason).toMatch(/\.$/)
  })

  it('is unknown where only a part is known and nothing else is wrong, and tells findings otherwise', () => {
    const partial = 'No StoreAPIs matched for this query'
    expect(verdict({ partial: said(partial) })).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining(partial) as string,
    })
    expect(verdict({ partial: said(partial), abnormal: { critical: 0, advisory: 1 } }).kind).toBe('abnormal')
  })

  it('does not call samples old that come once a minute', () => {
    expect(verdict({ newestSampleAt: NOW - 61_000, tooOldMs: 150_000 }).word).toBe('FLOOR OK')
    expect(verdict({ newestSampleAt: NOW - 151_000, tooOldMs: 150_000 }).word).toBe('FLOOR UNKNOWN')
  })

  it('does not call last known findings present ones', () => {
    expect(verdict({ abnormal: { critical: 3, advisory: 0 } }, NOW - 1000).kind).toBe('unknown')
  })

  it('tells findings', () => {
    expect(verdict({ abnormal: { critical: 0, advisory: 1 } }).kind).toBe('abnormal')
  })

  it('has no opinion before a site is connected', () => {
    expect(verdict({ mode: 'setup', newestSampleAt: null }).kind).toBe('unconfigured')
  })
})
