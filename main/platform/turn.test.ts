import { afterEach, expect, it, vi } from 'vitest'
import { atOnce, inTurns, Turn } from './turn.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it('lets what waits run between two turns, and begins the next with its whole time', async () => {
  let now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const turn = new Turn(5)
  now = 1004.9
  expect(turn.over()).toBe(false)
  now = 1005
  expect(turn.over()).toBe(true)
  let ran = false
  setImmediate(() => {
    ran = true
  })
  await turn.next()
  expect(ran).toBe(true)
  now = 1009.9
  expect(turn.over()).toBe(false)
  now = 1010
  expect(turn.over()).toBe(true)
})

it('gives one turn between two looks at sockets and timers, however many wait', async () => {
  const log: string[] = []
  const work = async (name: string): Promise<void> => {
    await new Turn(0).next()
    log.push(name)
  }
  const look = (): void => {
    log.push('look')
    if (log.length < 6) setImmediate(look)
  }
  setImmediate(look)
  await Promise.all([work('a'), work('b'), work('c')])
  expect(log).toEqual(['look', 'a', 'look', 'b', 'look', 'c'])
})

it('runs steps in turns, or at once, to the same end', async () => {
  const seen: number[] = []
  function* steps(): Generator<void, string> {
    for (let i = 0; i < 3; i++) {
      seen.push(i)
      yield
    }
    return 'done'
  }
  let others = 0
  const other = setInterval(() => {}, 1)
  setImmediate(() => (others = seen.length))
  expect(await inTurns(steps(), new Turn(0))).toBe('done')
  clearInterval(other)
  expect(others).toBe(1)
  expect(atOnce(steps())).toBe('done')
  expect(seen).toEqual([0, 1, 2, 0, 1, 2])
})

it('passes on what a step throws', async () => {
  // eslint-disable-next-line require-yield
  function* broken(): Generator<void, void> {
    throw new RangeError('no')
  }
  await expect(inTurns(broken())).rejects.toThrow('no')
  expect(() => atOnce(broken())).toThrow('no')
})
