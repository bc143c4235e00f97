import { expect, test } from 'vitest'
import type { SourceHealth } from '../../../shared/model/source.ts'
import { createSourceFindings } from './findings.ts'
import { plainly } from '../../../test/support/plainly.ts'
import { said } from '../../../shared/messages/message.ts'

const NOW = 1_790_000_000_000
const PATIENCE_MS = 10_000

function health(over: Partial<SourceHealth> = {}): SourceHealth {
  return {
    id: 'exporter http://h-1:9400/metrics',
    kind: 'exporter',
    name: 'h-1:9400',
    address: 'http://h-1:9400/metrics',
    state: 'ok',
    feeding: true,
    lastAttemptAt: NOW,
    lastSuccessAt: NOW,
    latencyMs: 3,
    samples: 40,
    bytes: 4000,
    consecutiveFailures: 0,
    error: null,
    warnings: [],
    doubts: [],
    cadenceMs: null,
    nextAttemptAt: null,
    ...over,
  }
}

const REFUSED = { code: 'refused', text: 'h-1:9400 refused the connection.', nextStep: 'Start it.' }
const EMPTY = { code: 'empty', text: 'h-1:9400 answers with comments alone.', nextStep: 'Look at its log.' }

function listAfter(sources: readonly SourceHealth[], waitedMs: number) {
  const book = createSourceFindings({ patienceMs: PATIENCE_MS })
  book.list(sources, NOW)
  return plainly(book.list(sources, NOW + waitedMs))
}

test('a source that answers is no finding, and one that the other way stands in for is not asked', () => {
  expect(listAfter([health(), health({ state: 'standby', lastSuccessAt: null, id: 'b' })], 60_000)).toEqual(
    [],
  )
})

test('a source that has never answered is a finding once its patience is over', () => {
  const never = health({ state: 'backoff', lastSuccessAt: null, consecutiveFailures: 4, error: REFUSED })
  expect(listAfter([never], PATIENCE_MS - 1)).toEqual([])
  expect(listAfter([never], PATIENCE_MS)).toMatchObject([
    { kind: 'source', severity: 'advisory', what: 'h-1:9400: no answer yet', nextStep: 'Start it.' },
  ])
})

test('a source that is asked and says neither yes nor no has never answered either', () => {
  const silent = health({ state: 'unknown', lastSuccessAt: null })
  expect(listAfter([silent], PATIENCE_MS)).toHaveLength(1)
})

test('an answer with nothing in it is a finding at once, also where there were figures before', () => {
  const empty = health({ state: 'failing', error: EMPTY, consecutiveFailures: 1 })
  // By its id, so that its own drawer can be opened.
  expect(listAfter([empty], 0)).toMatchObject([
    { by: EMPTY.text, nextStep: EMPTY.nextStep, source: empty.id },
  ])
})

test('what many sources have in common is one finding that names some and counts all', () => {
  const many = Array.from({ length: 40 }, (_, i) =>
    health({ id: `e${i}`, name: `h-${i}:9400`, state: 'failing', error: EMPTY }),
  )
  const [only, ...others] = listAfter(many, 0)
  expect(others).toEqual([])
  expect(only?.what).toBe('40 exporters: answers without any data')
  expect(only?.where).toBe('h-0:9400, h-1:9400, h-2:9400, +37')
  expect(only).not.toHaveProperty('source')
})

test('an exporter that fell silent is told by its host; any other source is told here, dated by its last answer', () => {
  const silent = { state: 'failing', error: REFUSED, lastSuccessAt: NOW - 5000 } as const
  const exporter = health(silent)
  const metering = health({ ...silent, kind: 'metering', id: 'm', name: 'Metering' })
  expect(listAfter([exporter, metering], PATIENCE_MS)).toMatchObject([
    { id: 'source/metering/silent', since: NOW - 5000 },
  ])
})

test('a doubt lasts as long as it is told and keeps its date', () => {
  const doubt = {
    code: 'hostnames',
    severity: 'critical',
    what: said('Six exporters call their host localhost'),
    by: said('6 addresses, 1 name'),
    nextStep: said('Set NODE_NAME.'),
  } as const
  const book = createSourceFindings({ patienceMs: PATIENCE_MS })
  const doubted = health({ doubts: [doubt] })
  expect(plainly(book.list([doubted], NOW))).toMatchObject([
    { severity: 'critical', what: 'Six exporters call their host localhost', since: NOW },
  ])
  expect(book.list([doubted], NOW + 5000)[0]?.since).toBe(NOW)
  expect(book.list([health()], NOW + 6000)).toEqual([])
  expect(book.list([doubted], NOW + 7000)[0]?.since).toBe(NOW + 7000)
})

test('where none of several exporters answers, that is one critical finding, since the last of them did', () => {
  const dead = (id: string, lastSuccessAt: number | null) =>
    health({ id, name: id, state: 'backoff', lastSuccessAt, consecutiveFailures: 4, error: REFUSED })
  const none = [dead('a', NOW - 20_000), dead('b', NOW - 5000), dead('c', null)]
  expect(listAfter(none, PATIENCE_MS)).toMatchObject([
    {
      severity: 'critical',
      what: '3 exporters: no answer from any of them',
      where: 'a, b, c',
      since: NOW - 5000,
    },
  ])
  expect(listAfter(none.slice(2), PATIENCE_MS)).toMatchObject([{ severity: 'advisory' }])
  const one = [...none.slice(0, 2), health({ id: 'c' })]
  expect(listAfter(one, PATIENCE_MS)).toEqual([])
  const empty = [...none.slice(0, 2), health({ id: 'c', state: 'failing', error: EMPTY })]
  expect(listAfter(empty, PATIENCE_MS).map(({ severity }) => severity)).toEqual(['advisory'])
})
