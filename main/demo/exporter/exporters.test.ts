import { Agent, request, type IncomingMessage } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { changeSettings } from '../faults/settings.ts'
import { createWorld } from '../testing/series.ts'
import { startExporters, type Exporters } from './exporters.ts'

const started: Exporters[] = []
const agents: Agent[] = []
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy()
  await Promise.all(started.splice(0).map((exporters) => exporters.close()))
})

async function start(faults = 'none', gzip = false) {
  const world = createWorld({ hosts: 6, faults })
  const { exposition } = world
  const exporters = await startExporters({ hosts: 6, exposition, faults: world.faults, gzip })
  started.push(exporters)
  const agent = new Agent({ keepAlive: true })
  agents.push(agent)
  return { world, exporters, agent }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

function get(
  address: string | undefined,
  path: string,
  options: { agent?: Agent; method?: string; headers?: Record<string, string>; deadlineMs?: number } = {},
): Promise<Answer> {
  const { agent, method = 'GET', headers = {}, deadlineMs = 3000 } = options
  return new Promise((resolve, reject) => {
    const sent = request(
      `http://${address}${path}`,
      { ...(agent && { agent }), method, headers },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks),
          }),
        )
      },
    )
    sent.setTimeout(deadlineMs, () => sent.destroy(new Error('deadline')))
    sent.on('error', reject)
    sent.end()
  })
}

describe('startExporters', () => {
  it('gives each host a port of its own that prints that host', async () => {
    const { world, exporters } = await start()
    expect(new Set(exporters.addresses).size).toBe(6)
    const answers = await Promise.all(exporters.addresses.map((address) => get(address, '/metrics')))
    answers.forEach((answer, h) => {
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
      expect(answer.body.toString('latin1')).toBe(world.print(h))
    })
  })

  it('answers many at once on kept connections without mixing bodies', async () => {
    const { world, exporters, agent } = await start()
    for (let round = 0; round < 5; round++) {
      world.run(1)
      const hosts = Array.from({ length: 60 }, (_, i) => i % 6)
      const answers = await Promise.all(hosts.map((h) => get(exporters.addresses[h], '/metrics', { agent })))
      answers.forEach((answer, i) => {
        expect(answer.body.equals(Buffer.from(world.print(hosts[i] ?? -1)))).toBe(true)
      })
    }
  })

  it('has /health and the start page of the real one, and 404 and 405 for the rest', async () => {
    const { exporters } = await start()
    const [address] = exporters.addresses
    const health = await get(address, '/health')
    expect([health.status, health.body.toString()]).toEqual([200, 'OK'])
    expect((await get(address, '/')).body.toString()).toContain('GPU Exporter')
    expect((await get(address, '/other')).status).toBe(404)
    expect((await get(address, '/metrics', { method: 'POST' })).status).toBe(405)
    const head = await get(address, '/metrics', { method: 'HEAD' })
    expect([head.status, head.body.length]).toEqual([200, 0])
    expect(Number(head.headers['content-length'])).toBeGreaterThan(50_000)
  })

  it('compresses only where it may and the client asks', async () => {
    const { world, exporters } = await start('none', true)
    const [address] = exporters.addresses
    const ask = (accept: string) => get(address, '/metrics', { headers: { 'accept-encoding': accept } })
    for (const accept of ['gzip', 'deflate, gzip;q=0.5', 'gzip, br']) {
      const packed = await ask(accept)
      expect(packed.headers['content-encoding']).toBe('gzip')
      expect(gunzipSync(packed.body).toString('latin1')).toBe(world.print(0))
    }
    for (const accept of ['', 'identity', 'gzip;q=0', 'gzip; q=0.00, br', 'x-gzipped']) {
      expect((await ask(accept)).headers['content-encoding']).toBeUndefined()
    }
    const plain = await start('none', false)
    const answer = await get(plain.exporters.addresses[0], '/metrics', {
      headers: { 'accept-encoding': 'gzip' },
    })
    expect(answer.headers['content-encoding']).toBeUndefined()
  })

  it('frozen: old bytes and a healthy /health while the world moves on', async () => {
    const { world, exporters } = await start('none,frozen=h-0002')
    const first = (await get(exporters.addresses[1], '/metrics')).body
    world.run(30)
    expect((await get(exporters.addresses[1], '/metrics')).body.equals(first)).toBe(true)
    expect((await get(exporters.addresses[1], '/health')).status).toBe(200)
    expect((await get(exporters.addresses[0], '/metrics')).body.toString('latin1')).toBe(world.print(0))
  })

  it('hung: takes the request, says nothing, and delays no other', async () => {
    const { exporters, agent } = await start('none,hung=h-0002')
    await expect(get(exporters.addresses[1], '/metrics', { agent, deadlineMs: 150 })).rejects.toThrow(
      'deadline',
    )
    expect((await get(exporters.addresses[0], '/metrics', { agent })).status).toBe(200)
  })

  it('down: refuses, also on kept connections, and comes back on the same port', async () => {
    const { world, exporters, agent } = await start()
    const [address] = exporters.addresses
    const turn = async (on: boolean) => {
      const change = { down: { on, targets: ['h-0001'] } }
      const { faults, defaults, factory } = world
      faults.apply(changeSettings(faults.settings(), defaults, change, factory))
      await exporters.sync()
    }
    expect((await get(address, '/metrics', { agent })).status).toBe(200)
    await turn(true)
    await expect(get(address, '/metrics', { agent })).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/)
    await expect(get(address, '/metrics')).rejects.toThrow(/ECONNREFUSED/)
    await turn(false)
    expect((await get(address, '/metrics')).status).toBe(200)
  })

  it('knows the address of an exporter that is down from the start', async () => {
    const { exporters } = await start('none,down=h-0003')
    expect(exporters.addresses[2]).toMatch(/^127\.0\.0\.1:\d{2,5}$/)
    await expect(get(exporters.addresses[2], '/metrics')).rejects.toThrow(/ECONNREFUSED/)
  })
})
