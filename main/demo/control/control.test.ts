import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld } from '../testing/series.ts'
import { startControl, type Control } from './control.ts'

const world = createWorld({ hosts: 6, faults: 'default' })
const inference = [
  { targets: ['127.0.0.1:40004'], labels: { pod: 'a', __metrics_path__: '/pods/t/a/metrics' } },
]
let applied = 0
let control: Control
beforeAll(async () => {
  control = await startControl({
    factory: world.factory,
    faults: world.faults,
    defaults: world.defaults,
    addresses: ['127.0.0.1:40001', '127.0.0.1:40002'],
    inference,
    metering: { url: 'http://127.0.0.1:40003', tokenPath: '/tmp/demo/metering-token' },
    onFaults: async () => {
      applied++
    },
  })
})
afterAll(() => control.close())

const at = (path: string) => new URL(path, control.url)
const put = (body: string) => fetch(at('/faults'), { method: 'PUT', body })

/** Status of a request with a Host header of its own, which fetch does not allow. */
function statusFor(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(at('/targets.json'), { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe('the control server', () => {
  it('says what is here, in plain text', async () => {
    const answer = await fetch(control.url)
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const text = await answer.text()
    expect(text).toContain('48 GPUs on 6 hosts in 6 racks on 3 floors')
    expect(text).toContain(
      'Metering API: http://127.0.0.1:40003/v1 (bearer token in /tmp/demo/metering-token)',
    )
    expect(text).toContain('Inference servers: 1, for example http://127.0.0.1:40004/pods/t/a/metrics')
    for (const path of ['/targets.json', '/inference-targets.json', '/inventory.json', '/faults', '/healthz'])
      expect(text).toContain(path)
  })

  it('serves targets as Prometheus HTTP SD wants them', async () => {
    const answer = await fetch(at('/targets.json'))
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(await answer.json()).toEqual([
      { targets: ['127.0.0.1:40001', '127.0.0.1:40002'], labels: { job: 'dcgm' } },
    ])
  })

  it('serves the inference servers in the same format', async () => {
    expect(await (await fetch(at('/inference-targets.json'))).json()).toEqual(inference)
  })

  it('switches faults of the factory, which have no targets', async () => {
    const answer = await put('{"token-leak": true}')
    const body = (await answer.json()) as Record<string, object>
    expect(body['token-leak']).toMatchObject({ on: true, targets: [], scope: 'factory' })
    expect(world.faults.inForce('token-leak')).toBe(true)
    expect((await put('{"token-leak": {"targets": ["h-0001"]}}')).status).toBe(400)
    await put('{"token-leak": false}')
  })

  it('switches faults and answers with what is in force', async () => {
    const before = applied
    const answer = await put('{"hung": {"on": true, "targets": ["h-0004"]}, "frozen": false}')
    expect(answer.status).toBe(200)
    const body = (await answer.json()) as Record<string, { on: boolean; targets: string[]; scope: string }>
    expect(body['hung']).toMatchObject({ on: true, targets: ['h-0004'], scope: 'host' })
    expect(applied).toBe(before + 1)
    expect(world.faults.answer(3)).toBe('hung')
    expect(await (await fetch(at('/faults'))).json()).toEqual(body)
  })

  it.each([
    ['{', 400, /not JSON/],
    ['[]', 400, /JSON object of faults/],
    ['{"frosty": true}', 400, /no fault "frosty"/],
    ['{"hung": {"targets": ["h-0099"]}}', 400, /no "h-0099" on this floor/],
    [' '.repeat(300_000), 413, /At most/],
  ])('refuses the body %.20s with %i, and changes nothing', async (body, status, text) => {
    const before = world.faults.settings()
    const answer = await put(body)
    expect(answer.status).toBe(status)
    expect(await answer.text()).toMatch(text)
    expect(world.faults.settings()).toBe(before)
  })

  it('answers on loopback names alone', async () => {
    const port = new URL(control.url).port
    expect(await statusFor(`localhost:${port}`)).toBe(200)
    expect(await statusFor(`127.0.0.1:${port}`)).toBe(200)
    expect(await statusFor(`[::1]:${port}`)).toBe(200)
    expect(await statusFor(`attacker.example:${port}`)).toBe(403)
    expect(await statusFor('127.0.0.1.attacker.example')).toBe(403)
  })

  it('names what it does not have and what it does not take', async () => {
    expect((await fetch(at('/nothing'))).status).toBe(404)
    const answer = await fetch(at('/targets.json'), { method: 'DELETE' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
    expect((await fetch(at('/faults'), { method: 'POST', body: '{}' })).headers.get('allow')).toBe('GET, PUT')
  })
})
