import { describe, expect, it } from 'vitest'
import type { LedgerFaults } from '../ledger/types.ts'
import { createWorld } from '../testing/series.ts'
import { createMeteringFaults } from './metering.ts'
import { changeSettings } from './settings.ts'

function start(switches: string) {
  const { factory, faults: switched, defaults } = createWorld({ faults: switches })
  const faults: LedgerFaults = {
    leak: null,
    lagSeconds: 0,
    lateEvents: false,
    agentLoop: false,
    surge: false,
    unknownModel: false,
  }
  const restarts: { pod: number; at: number }[] = []
  const began = factory.now()
  const metering = createMeteringFaults(factory, switched, {
    faults,
    restart: (pod) => restarts.push({ pod, at: (factory.now() - began) / 1000 }),
  })
  return {
    faults,
    restarts,
    metering,
    factory,
    server: defaults['counter-restart'].targets[0],
    change(change: object) {
      switched.apply(changeSettings(switched.settings(), defaults, change, factory))
      metering.tick()
    },
    run(seconds: number) {
      for (let s = 0; s < seconds; s += 30) {
        factory.step(30)
        metering.tick()
      }
    },
  }
}

describe('createMeteringFaults', () => {
  it('tells the ledger what is on, and takes it back', () => {
    const world = start('none,token-leak,metering-lag')
    const calm = {
      leak: null,
      lagSeconds: 0,
      lateEvents: false,
      agentLoop: false,
      surge: false,
      unknownModel: false,
    }
    expect(world.faults).toEqual({ ...calm, leak: { share: 0.015, model: null }, lagSeconds: 180 })
    world.change({
      'token-leak': false,
      'metering-lag': false,
      'late-events': true,
      'agent-loop': true,
      'unknown-model': true,
    })
    expect(world.faults).toEqual({ ...calm, lateEvents: true, agentLoop: true, unknownModel: true })
    world.change({ 'late-events': false, 'agent-loop': false, 'unknown-model': false })
    expect(world.faults).toEqual(calm)
  })

  it('restarts its one server now and then, and at once when it is switched on', () => {
    const world = start('none,counter-restart')
    expect(world.restarts).toEqual([])
    world.run(2 * 3600)
    expect(world.restarts.length).toBeGreaterThan(2)
    expect(world.restarts.length).toBeLessThan(20)
    expect(world.restarts[0]?.at).toBeGreaterThan(30)
    const pods = new Set(world.restarts.map(({ pod }) => pod))
    const names = [...pods].map((pod) => world.factory.placement.pods[pod])
    expect(names.map((pod) => `${pod?.namespace}/${pod?.name}`)).toEqual([world.server])
    const before = world.restarts.length
    world.change({ 'counter-restart': false })
    world.run(2 * 3600)
    expect(world.restarts.length).toBe(before)
    world.change({ 'counter-restart': true })
    expect(world.restarts.length).toBe(before + 1)
  })

  it('says why nothing is answered, and what is missing since when', () => {
    const world = start('none')
    expect([world.metering.unavailable(), world.metering.missing()]).toEqual([null, []])
    world.change({ 'metering-down': true, 'metering-partial': true })
    const since = new Date(world.factory.now()).toISOString()
    world.run(60)
    expect(world.metering.unavailable()).toContain('not reachable')
    expect(world.metering.missing()).toEqual([`The gateway gw-south has not reported since ${since}.`])
    world.change({ 'metering-down': false, 'metering-partial': false })
    expect([world.metering.unavailable(), world.metering.missing()]).toEqual([null, []])
  })
})
