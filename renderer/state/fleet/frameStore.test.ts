import { describe, expect, it, vi } from 'vitest'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import { EMPTY_TOPOLOGY } from '../../../shared/model/topology.ts'
import { createFrameStore } from './frameStore.ts'

const topology = (version: number) => ({ ...EMPTY_TOPOLOGY, version })
const frame = (topologyVersion: number, sequence = 1, rows = 0) =>
  ({ topologyVersion, sequence, rows }) as FleetFrame

describe('the frame store', () => {
  it('shows a frame with its own topology', () => {
    const store = createFrameStore()
    store.setTopology(topology(3))
    expect(store.setFrame(frame(3))).toBe('accepted')
    expect(store.picture()).toMatchObject({ frame: { topologyVersion: 3 }, topology: { version: 3 } })
  })

  it('holds a frame back until its topology has come, and keeps the last pair meanwhile', () => {
    const store = createFrameStore()
    store.setTopology(topology(3))
    store.setFrame(frame(3, 1))
    expect(store.setFrame(frame(4, 2))).toBe('waiting')
    expect(store.picture().frame?.sequence).toBe(1)
    store.setTopology(topology(4))
    expect(store.picture()).toMatchObject({ frame: { sequence: 2 }, topology: { version: 4 } })
  })

  it('holds a topology back until a frame for it has come', () => {
    const store = createFrameStore()
    store.setTopology(topology(3))
    store.setFrame(frame(3, 1))
    store.setTopology(topology(4))
    expect(store.picture()).toMatchObject({ frame: { sequence: 1 }, topology: { version: 3 } })
    store.setFrame(frame(4, 2))
    expect(store.picture()).toMatchObject({ frame: { sequence: 2 }, topology: { version: 4 } })
  })

  it('refuses a frame whose rows its topology does not have', () => {
    const store = createFrameStore()
    store.setTopology(topology(3))
    expect(store.setFrame(frame(3, 1, 7))).toBe('refused')
    expect(store.picture().frame).toBeNull()
  })

  it('tells every change, and nobody who has left', () => {
    const store = createFrameStore()
    const [stays, leaves] = [vi.fn(), vi.fn()]
    store.subscribe(stays)
    store.subscribe(leaves)()
    store.setTopology(topology(1))
    store.setFrame(frame(1))
    expect(stays).toHaveBeenCalledTimes(2)
    expect(leaves).not.toHaveBeenCalled()
    expect(store.picture().revision).toBe(2)
  })
})
