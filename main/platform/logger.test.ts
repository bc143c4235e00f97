import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualClock } from './clock.ts'
import { createLogger } from './logger.ts'
import { createSecretRegistry } from './redact.ts'

function capture() {
  const lines: string[] = []
  return { lines, destination: { write: (line: string) => void lines.push(line) } }
}

describe('createLogger', () => {
  it('lets no canary through, by key, by value, or inside a message', () => {
    const { lines, destination } = capture()
    const secrets = createSecretRegistry()
    secrets.register('canary-4711')
    const log = createLogger({ level: 'trace', secrets, destination })
    log.info({ headers: { authorization: 'Bearer other-token', cookie: 'sid=cookie-value' } }, 'asked')
    log.warn({ a: { b: { password: 'deep-password' } }, token: 'top-token' }, 'again')
    log.error(new Error('refused http://admin:url-password@h/ with canary-4711'))
    const all = lines.join('')
    for (const secret of [
      'other-token',
      'cookie-value',
      'deep-password',
      'top-token',
      'url-password',
      'canary-4711',
    ]) {
      expect(all).not.toContain(secret)
    }
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      'asked',
      'again',
      'refused http://h/ with [hidden]',
    ])
  })

  describe('in a flood', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
    afterEach(() => void vi.useRealTimers())

    function flooded() {
      const { lines, destination } = capture()
      const clock = manualClock()
      const log = createLogger({ level: 'info', destination, clock })
      const wait = (ms: number) => {
        clock.advance(ms)
        vi.advanceTimersByTime(ms)
      }
      return { log, wait, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
    }

    it('writes the first lines of a kind, then counts, and loses none of the count', () => {
      const { log, wait, read } = flooded()
      for (let i = 0; i < 20_000; i++) log.warn({ source: i }, `exporter h-${i} "gpu" failed`)
      wait(10_000)
      const written = read()
      expect(written.length).toBeLessThan(25)
      const hidden = written.reduce((sum, { repeats }) => sum + Number(repeats ?? 0), 0)
      expect(written.length + hidden).toBe(20_000)
    })

    it('does not hold back another kind, nor last words', () => {
      const { log, read } = flooded()
      for (let i = 0; i < 1_000; i++) log.error(new Error('broken'))
      log.warn('something else')
      for (let i = 0; i < 100; i++) log.fatal('the end')
      const words = read().map(({ msg }) => msg)
      expect(words.filter((word) => word === 'broken').length).toBeLessThan(25)
      expect(words).toContain('something else')
      expect(words.filter((word) => word === 'the end')).toHaveLength(100)
    })

    it('is not outwitted by words that are always others', () => {
      const { log, wait, read } = flooded()
      for (let i = 0; i < 20_000; i++) log.warn(`${String.fromCodePoint(0x4e00 + i)} failed`)
      wait(10_000)
      expect(read().length).toBeLessThan(350)
    })

    it('writes as they come again once the flood is over', () => {
      const { log, wait, read } = flooded()
      for (let i = 0; i < 100; i++) log.warn('again')
      wait(120_000)
      const before = read().length
      for (let i = 0; i < 5; i++) log.warn('again')
      expect(read().length).toBe(before + 5)
    })
  })

  it('is silent under the test runner unless told otherwise', () => {
    const { lines, destination } = capture()
    createLogger({ destination }).fatal('nobody reads this')
    expect(lines).toEqual([])
  })
})
