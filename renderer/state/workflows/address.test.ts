import { describe, expect, it } from 'vitest'
import { paramsWith, placeOf, WORKFLOWS_HOME } from './address.ts'

describe('the address of jobs', () => {
  it('comes back as it went, beside what others keep there', () => {
    const place = { period: 'week', outcome: 'failed', job: 'wf-1', step: 's 2', branch: 's&1' } as const
    const params = paramsWith({ tenant: 'acme', step: 'old' }, place)
    expect(params['tenant']).toBe('acme')
    expect(placeOf(params)).toEqual(place)
  })

  it('says nothing of what is as at home, and forgets the steps of a job that is closed', () => {
    expect(paramsWith({ tenant: 'acme', job: 'wf-1', step: 's' }, WORKFLOWS_HOME)).toEqual({ tenant: 'acme' })
    expect(placeOf({ step: 's', branch: 'b' })).toEqual(WORKFLOWS_HOME)
  })

  it('leaves out what it does not understand', () => {
    expect(placeOf({ jobs: 'year', outcome: 'great', job: 'x'.repeat(257) })).toEqual(WORKFLOWS_HOME)
  })
})
