import { describe, expect, it, vi } from 'vitest'
import { EMPTY_TOPOLOGY } from '../../../shared/model/topology.ts'
import type { FleetFrame } from '../../../shared/model/frame.ts'
import { FrameStore } from './frameStore.ts'

const topology = (version: number) => ({ ...EMPTY_TOPOLOGY, version })
const frame = (topologyVersion: number, sequence = 1) => ({ topologyVersion, sequence }) as FleetFrame

describe('FrameStore', () => {
  it('shows a frame with its own topology', () => {
    const store = new FrameStore()
    store.takeTopology(topology(3))
    store.takeFrame(frame(3))
    expect(store.view()).toMatchObject({ frame: { topologyVersion: 3 }, topology: { version: 3 } })
  })

  it('holds a frame back until its topology has come', () => {
    const store = new FrameStore()
    store.takeTopology(topology(3))
    store.takeFrame(frame(3, 1))
    store.takeFrame(frame(4, 2))
    expect(store.view().frame?.sequence).toBe(1)
    store.takeTopology(topology(4))
    expect(store.view().frame?.sequence).toBe(2)
  })

  it('shows no frame with a topology that it was not cut for', () => {
    const store = new FrameStore()
    store.takeTopology(topology(3))
    store.takeFrame(frame(3))
    store.takeTopology(topology(4))
    expect(store.view().frame).toBeNull()
  })

  it('tells every change, and nobody who has left', () => {
    const store = new FrameStore()
    const [stays, leaves] = [vi.fn(), vi.fn()]
    store.subscribe(stays)
    store.subscribe(leaves)()
    store.takeTopology(topology(1))
    store.takeFrame(frame(1))
    expect(stays).toHaveBeenCalledTimes(2)
    expect(leaves).not.toHaveBeenCalled()
    expect(store.view().revision).toBe(2)
  })
})
