import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { assert, property, string } from 'fast-check'
import { healthyStatus } from '../../test/fixtures/fakeEngine.ts'
import { sourceIn, sourceList } from '../../test/fixtures/sourceList.ts'
import { formatRoute, parseRoute } from './navigation.ts'
import { engineNow, learnEngineClock } from '../transport/engineClock.ts'
import { readPreferences, resolvedTheme } from './preferences.ts'
import { countByState, filterSources, worstFirst } from './sources.ts'
import { INITIAL_STATUS, mayAct, SILENT_AFTER_MS, staleSince } from './status.ts'

describe('staleSince', () => {
  const known = { ...INITIAL_STATUS, status: healthyStatus(1), receivedAt: 1000 }
  const open = { state: 'open', since: 0, reason: '' } as const

  it('is null while news come and before there ever were any', () => {
    expect(staleSince({ ...known, link: open }, 2000)).toBeNull()
    expect(staleSince(INITIAL_STATUS, 1e9)).toBeNull()
  })

  it('is the instant of the last news once the line is lost, or the engine silent', () => {
    expect(staleSince({ ...known, link: { ...open, state: 'lost' } }, 1001)).toBe(1000)
    expect(staleSince({ ...known, link: open }, 1001 + SILENT_AFTER_MS)).toBe(1000)
  })

  it('allows no action before the engine has said who this screen is', () => {
    expect(mayAct({ status: null })).toBe(false)
    expect(mayAct({ status: { ...healthyStatus(1), role: 'wall' } })).toBe(false)
    expect(mayAct({ status: healthyStatus(1) })).toBe(true)
  })
})

describe('the clock', () => {
  beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }))
  afterEach(() => {
    learnEngineClock(Date.now())
    vi.useRealTimers()
  })

  it('follows the engine, and does not jitter with the line', () => {
    learnEngineClock(1_060_000)
    expect(engineNow()).toBe(1_060_000)
    learnEngineClock(1_060_200)
    expect(engineNow()).toBe(1_060_000)
    learnEngineClock(1_000_100)
    expect(engineNow()).toBe(1_000_000)
  })

  it('does not believe a clock that is no number', () => {
    learnEngineClock(Number.NaN)
    expect(engineNow()).toBe(1_000_000)
  })
})

describe('routes', () => {
  it('round-trip whatever is selected', () => {
    assert(
      property(string({ maxLength: 60 }), (id) => {
        expect(parseRoute(formatRoute('sources', { source: id }))).toEqual({
          view: 'sources',
          params: { source: id },
        })
      }),
    )
  })

  it.each(['', '#', '#/throttle?tenant=x', '#/__proto__', `#/floor?${'a'.repeat(50_000)}`])(
    'open nothing for %s',
    (hash) => {
      expect(parseRoute(hash)).toEqual({ view: null, params: {} })
    },
  )
})

describe('preferences', () => {
  it.each(['{"theme":"pink"}', 'nonsense', '[]', 'null'])('read %s as the default', (text) => {
    expect(readPreferences({ getItem: () => text, setItem: () => undefined })).toEqual({
      theme: 'system',
      metric: null,
      navigation: null,
    })
  })

  it('keep the metric of the floor, and forget one that there is not', () => {
    const kept = (text: string) => readPreferences({ getItem: () => text, setItem: () => undefined })
    expect(kept('{"theme":"dark","metric":"gpuUtil"}')).toEqual({
      theme: 'dark',
      metric: 'gpuUtil',
      navigation: null,
    })
    expect(kept('{"theme":"dark","metric":"warp"}')).toEqual({
      theme: 'dark',
      metric: null,
      navigation: null,
    })
  })

  it('survive a storage that refuses', () => {
    const storage = {
      getItem: () => {
        throw new Error('denied')
      },
      setItem: () => undefined,
    }
    expect(readPreferences(storage).theme).toBe('system')
    expect([resolvedTheme('system', true), resolvedTheme('dark', true)]).toEqual(['light', 'dark'])
  })
})

describe('sources', () => {
  const now = 1_000_000

  it('stand worst first, Prometheus before exporters, then by number', () => {
    const list = [
      sourceIn('ok', 10, now),
      sourceIn('ok', 9, now),
      sourceIn('backoff', 1, now),
      sourceIn('slow', 2, now),
    ]
    const prometheus = { ...sourceIn('slow', 99, now), kind: 'prometheus' as const }
    expect(worstFirst([...list, prometheus]).map(({ name }) => name)).toEqual([
      'h-0001',
      'h-0099',
      'h-0002',
      'h-0009',
      'h-0010',
    ])
  })

  it('are found by every word in name, address, kind, state or error', () => {
    const list = sourceList(2048, now)
    const found = filterSources(list, { query: 'REFUSED h-0005', states: new Set() })
    expect(found.map(({ name }) => name)).toEqual(['h-0005'])
    expect(
      filterSources(list, { query: '', states: new Set(['slow']) }).every(({ state }) => state === 'slow'),
    ).toBe(true)
    expect(filterSources(list, { query: '(*+', states: new Set() })).toEqual([])
  })

  it('are counted, each once', () => {
    const counts = countByState(sourceList(2048, now))
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(2048)
    expect(counts.failing).toBeGreaterThan(0)
  })
})
