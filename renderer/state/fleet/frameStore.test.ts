import { describe, expect, it } from 'vitest'
import { syntheticFleet } from '../../../test/fixtures/syntheticFleet.ts'
import { createFrameStore } from './frameStore.ts'

const fleet = syntheticFleet({ gpus: 64 })
const other = syntheticFleet({ gpus: 128 })
const second = { ...other.topology, version: 2 }
const secondFrame = { ...other.first, topologyVersion: 2 }

describe('the frame store', () => {
  it('shows a topology without a frame, and then the pair', () => {
    const store = createFrameStore()
    store.setTopology(fleet.topology)
    expect(store.picture()).toMatchObject({ topology: fleet.topology, frame: null })
    expect(store.setFrame(fleet.first)).toBe('accepted')
    expect(store.picture().frame).toBe(fleet.first)
  })

  it('lets a frame wait for its topology, and shows the old pair meanwhile', () => {
    const store = createFrameStore()
    store.setTopology(fleet.topology)
    store.setFrame(fleet.first)
    expect(store.setFrame(secondFrame)).toBe('waiting')
    expect(store.picture().frame).toBe(fleet.first)
    store.setTopology(second)
    expect(store.picture()).toMatchObject({ topology: second, frame: secondFrame })
  })

  it('keeps the old pair until a frame of the new topology comes', () => {
    const store = createFrameStore()
    store.setTopology(fleet.topology)
    store.setFrame(fleet.first)
    store.setTopology(second)
    expect(store.picture().topology).toBe(fleet.topology)
    expect(store.setFrame(secondFrame)).toBe('accepted')
    expect(store.picture().topology).toBe(second)
  })

  it('keeps the pair as last known once the connection is lost, until the next frame', () => {
    const store = createFrameStore()
    store.setTopology(fleet.topology)
    store.setLost()
    expect(store.picture().lastKnown).toBe(false)
    store.setFrame(fleet.first)
    let told = 0
    store.subscribe(() => told++)
    store.setLost()
    store.setLost()
    expect([told, store.picture().lastKnown, store.picture().frame]).toEqual([1, true, fleet.first])
    // The same topology comes again over the new connection; it says nothing of the figures.
    store.setTopology({ ...fleet.topology })
    expect(store.picture().lastKnown).toBe(true)
    store.setFrame({ ...fleet.first })
    expect(store.picture().lastKnown).toBe(false)
  })

  it('refuses a frame whose rows do not fit its topology', () => {
    const store = createFrameStore()
    store.setTopology(fleet.topology)
    expect(store.setFrame({ ...fleet.first, rows: fleet.first.rows + 1 })).toBe('refused')
    expect(store.picture().frame).toBeNull()
  })

  it('accepts an engine that counts versions from the beginning again', () => {
    const store = createFrameStore()
    store.setTopology(second)
    store.setFrame(secondFrame)
    store.setTopology(fleet.topology)
    store.setFrame(fleet.first)
    expect(store.picture()).toMatchObject({ topology: fleet.topology, frame: fleet.first })
  })

  it('keeps the object of a topology that is sent again, and takes another one of the same version', () => {
    const store = createFrameStore()
    store.setTopology(fleet.topology)
    store.setFrame(fleet.first)
    store.setTopology(structuredClone(fleet.topology))
    store.setFrame(fleet.next(fleet.first))
    expect(store.picture().topology).toBe(fleet.topology)
    store.setTopology(other.topology)
    store.setFrame(other.first)
    expect(store.picture().topology).toBe(other.topology)
  })

  it('tells of every change once, and counts revisions', () => {
    const store = createFrameStore()
    let told = 0
    const leave = store.subscribe(() => told++)
    store.setTopology(fleet.topology)
    store.setFrame(fleet.first)
    leave()
    store.setFrame(fleet.next(fleet.first))
    expect(told).toBe(2)
    expect(store.picture().revision).toBe(3)
  })
})
