import { describe, expect, it } from 'vitest'
import type { SloStates } from '../../../shared/contract/slo.ts'
import { message } from '../../../shared/messages/message.ts'
import { describeObjectives } from './objectives.ts'

function found(state: object): SloStates {
  return { at: 0, objectives: [{ name: 'ttft-chat' }], states: [state] } as unknown as SloStates
}

const plain = (parts: ReturnType<typeof describeObjectives>) =>
  parts.flatMap(({ lines }) => lines).map((line) => line.replaceAll('\u2009', ' '))

describe('what a check says of an objective', () => {
  it('names the bucket, how good it is, and how much is known', () => {
    const state = {
      asOf: 7_200_000,
      knownFrom: 0,
      coverage: 1,
      sli: { good: 990, bad: 10, badLeast: 5, total: 1000 },
      bucket: { used: 0.2, next: 0.3 },
    }
    expect(plain(describeObjectives(found(state)))).toEqual([
      'ok     Objective ttft-chat: judged by the bucket of 200 ms (next: 300 ms); 99.0 % of 1,000 good in the last 5 min; 100 % of the 2 h that were asked for is known',
    ])
  })

  it('says why one cannot be measured', () => {
    const state = { asOf: null, knownFrom: null, why: [message('slo.source.noServers')] }
    expect(plain(describeObjectives(found(state)))).toEqual([
      'FAILED Objective ttft-chat: it cannot be measured',
      expect.stringContaining('No inference server is known in this scope.'),
    ])
    expect(describeObjectives(null)[0]?.ok).toBe(false)
  })
})
