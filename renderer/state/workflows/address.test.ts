import { describe, expect, it } from 'vitest'
import { paramsWith, placeBefore, placeOf, WORKFLOWS_HOME, type WorkflowsPlace } from './address.ts'

describe('the address of jobs', () => {
  it('comes back as it went, beside what others keep there', () => {
    const place = {
      shown: true,
      period: 'week',
      outcome: 'failed',
      job: 'wf-1',
      step: 's 2',
      branch: 's&1',
    } as const
    const params = paramsWith({ tenant: 'acme', step: 'old' }, place)
    expect(params['tenant']).toBe('acme')
    expect(placeOf(params)).toEqual(place)
  })

  it('says nothing of what is as at home, and forgets the steps of a job that is closed', () => {
    expect(paramsWith({ tenant: 'acme', job: 'wf-1', step: 's' }, WORKFLOWS_HOME)).toEqual({ tenant: 'acme' })
    expect(placeOf({ step: 's', branch: 'b' })).toEqual(WORKFLOWS_HOME)
  })

  it('leaves out what it does not understand', () => {
    const place = placeOf({ jobs: 'year', outcome: 'great', job: 'x'.repeat(257) })
    expect(place).toEqual({ ...WORKFLOWS_HOME, shown: true })
  })

  it('shows the jobs where one is named', () => {
    expect(placeOf({ job: 'wf-1' })).toEqual({ ...WORKFLOWS_HOME, shown: true, job: 'wf-1' })
  })

  it('goes back one thing at a time and ends', () => {
    let place: WorkflowsPlace | null = {
      shown: true,
      period: 'hour',
      outcome: 'failed',
      job: 'wf-1',
      step: 's',
      branch: 'b',
    }
    const left: string[] = []
    while (place !== null) {
      left.push(
        Object.entries(place)
          .flatMap(([key, value]) => (value === null || value === false ? [] : [key]))
          .join(' '),
      )
      place = placeBefore(place)
    }
    expect(left).toEqual([
      'shown period outcome job step branch',
      'shown period outcome job branch',
      'shown period outcome job',
      'shown period outcome',
      'shown period',
      'period',
    ])
  })
})
