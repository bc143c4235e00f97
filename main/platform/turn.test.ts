import { expect, it } from 'vitest'
import { Turn } from './turn.ts'

it('lets what waits run between two turns, and begins the next with its whole time', async () => {
  const turn = new Turn(5)
  expect(turn.over()).toBe(false)
  const began = performance.now()
  while (!turn.over());
  expect(performance.now() - began).toBeGreaterThanOrEqual(4)
  let ran = false
  setImmediate(() => {
    ran = true
  })
  await turn.next()
  expect(ran).toBe(true)
  expect(turn.over()).toBe(false)
})
