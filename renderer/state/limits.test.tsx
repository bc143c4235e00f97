import { cleanup, renderHook } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { healthyStatus } from '../../test/fixtures/fakeEngine.ts'
import { limitsFall, useLimits } from './limits.ts'
import { INITIAL_STATUS, useStatus } from './status.ts'

afterEach(() => {
  cleanup()
  useStatus.setState(INITIAL_STATUS)
})

describe('limits at a figure', () => {
  it('are the configured ones, else those of the model', () => {
    useStatus.setState({
      status: { ...healthyStatus(0), thresholds: { smActive: { advisory: 0.2, critical: 0.1 } } },
    })
    expect(renderHook(() => useLimits('smActive')).result.current).toEqual({ advisory: 0.2, critical: 0.1 })
    expect(renderHook(() => useLimits('gpuTemp')).result.current).toEqual({ advisory: 84, critical: 90 })
    expect(renderHook(() => useLimits('power')).result.current).toBeNull()
  })

  it('say which side is abnormal', () => {
    expect(limitsFall({ advisory: 0.2, critical: 0.1 })).toBe(true)
    expect(limitsFall({ advisory: 84, critical: 90 })).toBe(false)
  })
})
