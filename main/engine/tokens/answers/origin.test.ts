import { describe, expect, it } from 'vitest'
import type { MeteringAbilities } from '../../../sources/metering/types.ts'
import { type OriginFacts, originOf } from './origin.ts'
import { plainly } from '../../../../test/support/plainly.ts'

const abilities: MeteringAbilities = {
  backend: 'Metering API 1.4 (acme)',
  minStepMs: 1_000,
  lagMs: 5_000,
  retentionMs: 1,
  groups: new Set(['tenant']),
  lacks: new Map([['gpuType', 'It does not know GPU types.']]),
  throttle: null,
}
const NOW = 1_000_000
const good: OriginFacts = {
  name: 'Metering API at m:8080',
  abilities,
  reach: { dataAsOf: NOW - 6_000, complete: true, missing: [] },
  failures: 0,
  failure: null,
  lastAnswerAt: NOW - 1_000,
  lagAllowedMs: 60_000,
  corrections: [],
}
const refused = { code: 'refused', text: 'Metering: connection refused by m:8080', nextStep: 'Start it.' }
const said = (facts: Partial<OriginFacts>) => plainly(originOf({ ...good, ...facts }, NOW))

describe('where token figures come from', () => {
  it('is told with how far they reach and what the back end cannot say', () => {
    expect(said({})).toMatchObject({
      state: 'ok',
      dataAsOf: NOW - 6_000,
      lacks: [{ what: 'gpuType', text: 'It does not know GPU types.' }],
    })
  })

  it('is waiting before the first answer, and failing when none came', () => {
    expect(said({ abilities: null, reach: null, lastAnswerAt: null }).state).toBe('waiting')
    expect(
      said({ abilities: null, reach: null, lastAnswerAt: null, failures: 1, failure: refused }),
    ).toMatchObject({
      state: 'failing',
      text: 'Metering: connection refused by m:8080. There are no figures yet.',
      nextStep: 'Start it.',
    })
  })

  it('stands through one failure and turns with the second; the age is told', () => {
    expect(said({ failures: 1, failure: refused }).state).toBe('ok')
    const failing = said({
      failures: 2,
      failure: refused,
      reach: { ...abilitiesReach(), dataAsOf: NOW - 90_000 },
    })
    expect(failing).toMatchObject({ state: 'failing', dataAsOf: NOW - 90_000 })
    expect(failing.text).toContain('The figures are 90 s old.')
  })

  it('lags, and is partial, in words', () => {
    expect(said({ reach: { ...abilitiesReach(), dataAsOf: NOW - 61_000 } })).toMatchObject({
      state: 'lagging',
      text: 'The newest usage of Metering API at m:8080 is 61 s old; at most 60 s is allowed.',
    })
    expect(
      said({ reach: { dataAsOf: NOW, complete: false, missing: ['gateway eu-2', 'gateway eu-3'] } }),
    ).toMatchObject({
      state: 'partial',
      text: 'Not reported: gateway eu-2 and 1 more; real usage is higher than shown.',
      missing: ['gateway eu-2', 'gateway eu-3'],
    })
  })

  it('says what is live where nothing is', () => {
    const lacks = new Map([['liveUsage', 'LiteLLM without /metrics knows days alone.']] as const)
    expect(said({ abilities: { ...abilities, lacks }, reach: null })).toMatchObject({
      state: 'partial',
      text: 'LiteLLM without /metrics knows days alone.',
    })
  })

  it('does not show the last rate as one of now once nothing is live any more', () => {
    const lacks = new Map([['liveUsage', 'Several proxies answer in turn.']] as const)
    const since = (ms: number) =>
      said({ abilities: { ...abilities, lacks }, reach: { ...abilitiesReach(), dataAsOf: NOW - ms } })
    expect(since(30_000).state).toBe('partial')
    expect(since(61_000)).toMatchObject({
      state: 'lagging',
      text: 'Several proxies answer in turn. The figures are 61 s old.',
    })
  })
})

function abilitiesReach() {
  return { dataAsOf: NOW, complete: true, missing: [] }
}
