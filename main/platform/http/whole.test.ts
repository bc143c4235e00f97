import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAgent, createBodyBuffers, destinationOf, type HttpAgent, wholeExchange } from './index.ts'

const TARGETS = 40
const ROUNDS = 12
const BODY = Buffer.alloc(60_000, 'x')

let server: Server
let agents: HttpAgent[]

beforeEach(async () => {
  server = createServer((_, response) => response.setHeader('content-length', BODY.length).end(BODY))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  agents = Array.from({ length: TARGETS }, () => createAgent({ connections: 1 }))
})

afterEach(async () => {
  await Promise.all(agents.map((agent) => agent.close()))
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

describe('an exchange whose memory is used again', () => {
  it('leaves nothing of an answer to old objects, so that collecting the young ones frees it', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('globalThis.gc') as (options: { type: 'minor' | 'major' }) => void
    const buffers = createBodyBuffers()
    const { port } = server.address() as AddressInfo
    const ask = (agent: HttpAgent): Promise<number> =>
      wholeExchange({
        agent,
        buffers,
        destination: destinationOf(`http://127.0.0.1:${port}/metrics`),
        headers: {},
        deadlineMs: 5000,
        maxBodyBytes: BODY.length,
        read: async ({ body }) => body.length,
      }).result
    const round = async (): Promise<number> => {
      for (const agent of agents) expect(await ask(agent)).toBe(BODY.length)
      // Twice: the bytes of dead buffers are counted off with the next collection. And what lives for both is old.
      collect({ type: 'minor' })
      collect({ type: 'minor' })
      return getHeapStatistics().external_memory
    }

    // Connections, their parsers and the buffers that are used again come with the first rounds.
    for (let i = 0; i < 3; i++) await round()
    collect({ type: 'major' })
    const before = await round()
    let after = before
    for (let i = 0; i < ROUNDS; i++) after = await round()
    const received = ROUNDS * TARGETS * BODY.length
    expect(after - before).toBeLessThan(received / 10)
  })
})
