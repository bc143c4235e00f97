import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../platform/clock.ts'
import { SharedAnswers } from './shared.ts'

function setUp() {
  const clock = manualClock()
  const asked: { resolve: (value: string) => void; reject: (error: Error) => void; signal: AbortSignal }[] =
    []
  const shared = new SharedAnswers(clock, 5_000)
  const ask = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      asked.push({ resolve, reject, signal })
    })
  const get = (key: string, signal = new AbortController().signal) => shared.get(key, signal, ask)
  return { clock, asked, shared, get }
}

describe('answers that many ask for', () => {
  it('are asked for once while under way and for a while after', async () => {
    const { clock, asked, get } = setUp()
    const both = Promise.all([get('a'), get('a')])
    asked[0]?.resolve('one')
    expect(await both).toEqual(['one', 'one'])
    clock.advance(5_000)
    expect(await get('a')).toBe('one')
    clock.advance(1)
    const again = get('a')
    asked[1]?.resolve('two')
    expect(await again).toBe('two')
    expect(asked).toHaveLength(2)
  })

  it('are cancelled once the last asker has gone, and not before', async () => {
    const { asked, get } = setUp()
    const [one, two] = [new AbortController(), new AbortController()]
    const first = get('a', one.signal)
    const second = get('a', two.signal)
    one.abort(new Error('the screen went away'))
    await expect(first).rejects.toThrow('the screen went away')
    expect(asked[0]?.signal.aborted).toBe(false)
    two.abort()
    await expect(second).rejects.toThrow('aborted')
    expect(asked[0]?.signal.aborted).toBe(true)
    // Whoever comes next asks again instead of waiting for what was cancelled.
    void get('a').catch(() => undefined)
    expect(asked).toHaveLength(2)
  })

  it('do not remember failures', async () => {
    const { asked, get } = setUp()
    const failing = get('a')
    asked[0]?.reject(new Error('no'))
    await expect(failing).rejects.toThrow('no')
    const again = get('a')
    asked[1]?.resolve('yes')
    expect(await again).toBe('yes')
  })

  it('are forgotten when they are no longer true', async () => {
    const { asked, shared, get } = setUp()
    const first = get('a')
    asked[0]?.resolve('old')
    await first
    shared.forget()
    void get('a')
    expect(asked).toHaveLength(2)
  })

  it('are bounded in number', async () => {
    const { asked, get } = setUp()
    for (let i = 0; i < 100; i++) {
      const answer = get(`question ${i}`)
      asked[i]?.resolve('x')
      await answer
    }
    void get('question 0')
    expect(asked).toHaveLength(101)
    await get('question 99')
    expect(asked).toHaveLength(101)
  })
})
