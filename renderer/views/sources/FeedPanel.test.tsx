import { cleanup, render } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import type { Feed, SourceHealth, SourceState } from '../../../shared/model/source.ts'
import { SOURCE_COLUMNS } from './columns.tsx'
import { FeedPanel } from './FeedPanel.tsx'

afterEach(cleanup)

const feed: Feed = { path: 'direct', since: 0, reason: 'scraping 2 exporters directly.', fallback: true }
const source = (state: SourceState, more: Partial<SourceHealth> = {}): SourceHealth =>
  ({
    kind: 'exporter',
    name: 'a',
    state,
    lastAttemptAt: 1,
    lastSuccessAt: null,
    consecutiveFailures: 0,
    doubts: [],
    ...more,
  }) as SourceHealth

function heading(sources: readonly SourceHealth[]): string {
  const { container } = render(<FeedPanel feed={feed} sources={sources} />)
  return container.querySelector('h1')?.textContent ?? ''
}

describe('the feed in words', () => {
  it('does not say that the floor is fed while no source of it answers', () => {
    expect(heading([source('backoff'), source('failing')])).toContain('No source of the floor answers')
    // That the metering answers feeds no floor.
    expect(heading([source('backoff'), source('ok', { kind: 'metering' })])).toContain(
      'No source of the floor',
    )
    expect(heading([source('backoff'), source('ok')])).toContain('fed directly from the exporters')
    expect(heading([])).toContain('fed directly')
  })
})

describe('failures in a row', () => {
  const failures = (of: SourceHealth): string => {
    const { container } = render(SOURCE_COLUMNS.find(({ id }) => id === 'failures')?.cell(of))
    return container.textContent ?? ''
  }

  it('are 0 of what was asked, and a dash of what was not', () => {
    expect(failures(source('ok'))).toMatch(/: 0$/)
    expect(failures(source('unknown', { lastAttemptAt: null }))).toContain('It has not been asked yet')
  })
})
