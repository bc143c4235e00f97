import { describe, expect, it } from 'vitest'
import { manualClock } from '../../platform/clock.ts'
import { Learning } from './learning.ts'

describe('learning', () => {
  it('asks once for all who wait, and ends when none of them does any more', async () => {
    const clock = manualClock()
    let asked = 0
    let ended = false
    const learning = new Learning<number>((signal) => {
      asked += 1
      signal.addEventListener('abort', () => {
        ended = true
      })
      return new Promise(() => undefined)
    }, clock)
    const [one, other] = [new AbortController(), new AbortController()]
    const first = learning.get(one.signal)
    const second = learning.get(other.signal)
    one.abort()
    await expect(first).rejects.toMatchObject({ failure: { code: 'aborted' } })
    expect([asked, ended]).toEqual([1, false])
    other.abort()
    await expect(second).rejects.toMatchObject({ failure: { code: 'aborted' } })
    expect(ended).toBe(true)
  })

  it('looks again after doubts', async () => {
    let asked = 0
    const learning = new Learning(() => Promise.resolve(++asked), manualClock())
    const { signal } = new AbortController()
    expect([await learning.get(signal), await learning.get(signal)]).toEqual([1, 1])
    learning.doubt()
    expect(await learning.get(signal)).toBe(2)
  })
})
