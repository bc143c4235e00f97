import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fakeEngine, healthyStatus } from '../../../test/fixtures/fakeEngine.ts'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import { type ClosableClient, createClient } from '../../transport/client.ts'
import { followFleet } from '../fleet/followFleet.ts'
import { createFrameStore } from '../fleet/frameStore.ts'
import { keepLastKnown } from './homes.ts'

const fleet = syntheticFleet({ gpus: 64 })
const NO_INCIDENTS = { at: 1_000_000, alone: false, notKept: null, unreadable: 0, incidents: [] }
const ITEMS: Record<string, unknown> = {
  'incidents.list': NO_INCIDENTS,
  'fleet.topology': fleet.topology,
  'fleet.frame': fleet.first,
}

let client: ClosableClient
let asked: string[]
let engine: ReturnType<typeof fakeEngine>
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  asked = []
  engine = fakeEngine(healthyStatus(1_000_000))
  engine.items = (name) => {
    asked.push(name)
    return ITEMS[name]
  }
  client = createClient({ connect: engine.connect, random: () => 1 })
})
afterEach(() => {
  client.close()
  vi.useRealTimers()
})

it('looks at every view once a minute, and leaves what is there without a connection', async () => {
  const store = createFrameStore()
  const stop = keepLastKnown(client, store)
  await vi.advanceTimersByTimeAsync(59_000)
  expect(store.picture().frame?.rows).toBe(fleet.first.rows)
  expect([...new Set(asked)].toSorted()).toEqual([
    'fleet.findings',
    'fleet.frame',
    'fleet.topology',
    'incidents.list',
    'slo.states',
    'tokens.drift',
    'tokens.overview',
    'tokens.tenants',
    'tokens.yield',
  ])
  engine.reachable = false
  engine.drop('the engine is shutting down')
  const heard: unknown[] = []
  client.open('sources.health', {}, ({ sources }, { current }) => heard.push([sources, current]))
  expect(heard).toEqual([[[], false]])
  stop()
})

it('does not touch the floor while its view follows it', async () => {
  const asksForFields = new Set<number>()
  engine.items = (name, params) => {
    if (name === 'fleet.frame') asksForFields.add((params as { fields: string[] }).fields.length)
    return ITEMS[name]
  }
  const store = createFrameStore()
  const leave = followFleet(client, ['power'], () => undefined, store)
  const stop = keepLastKnown(client, store)
  await vi.advanceTimersByTimeAsync(59_000)
  expect([...asksForFields]).toEqual([1])
  leave()
  await vi.advanceTimersByTimeAsync(75_000)
  expect(Math.max(...asksForFields)).toBeGreaterThan(8)
  stop()
})
