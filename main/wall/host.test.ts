import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { admit, dial, get, pathOf, rendererDir, startHost } from '../../test/support/wallHost.ts'
import { createLogger } from '../platform/logger.ts'
import { SECURITY_HEADERS } from '../platform/webPolicy.ts'

const HOUR = 3_600_000

describe('admission', () => {
  it('exchanges the address for a cookie, once', async () => {
    const { host } = await startHost()
    const path = pathOf(host.tokenUrl('console'))
    const first = await get(host, path)
    expect(first.status).toBe(303)
    expect(first.headers.location).toMatch(/^\/#proof=[\w-]{43}$/)
    const cookie = String(first.headers['set-cookie'])
    expect(cookie).toMatch(/^floorwatch_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)

    const page = await get(host, '/', { cookie: cookie.split(';')[0] ?? '' })
    expect([page.status, page.body]).toEqual([200, '<!doctype html><title>console</title>'])

    const again = await get(host, path)
    expect(again.status).toBe(401)
    expect(again.headers['set-cookie']).toBeUndefined()
    expect(again.body).toContain('works once')
  })

  it('lets a known browser reload a used address', async () => {
    const { host } = await startHost()
    const path = pathOf(host.tokenUrl('console'))
    const cookie = String((await get(host, path)).headers['set-cookie']).split(';')[0] ?? ''
    expect(await get(host, path, { cookie })).toMatchObject({ status: 303, headers: { location: '/' } })
  })

  it('refuses everything without a cookie, the files too', async () => {
    const { host } = await startHost()
    for (const path of [
      '/',
      '/index.html',
      '/assets/main-abc123.js',
      '/?token=',
      '/?token=x',
      '/x?token=y',
    ]) {
      expect((await get(host, path)).status).toBe(401)
    }
    expect((await get(host, '/', { cookie: `floorwatch_${host.port}=wrong` })).status).toBe(401)
  })

  it('lets an address wait a quarter of an hour and no longer', async () => {
    const { host, clock } = await startHost()
    const path = pathOf(host.tokenUrl('console'))
    clock.advance(15 * 60_000)
    expect((await get(host, path)).status).toBe(401)
  })

  it('is not used up by a browser that looks ahead', async () => {
    const { host } = await startHost()
    const path = pathOf(host.tokenUrl('console'))
    expect((await get(host, path, { 'sec-purpose': 'prefetch' })).status).toBe(401)
    expect((await get(host, path, {}, 'HEAD')).status).toBe(401)
    expect((await get(host, path)).status).toBe(303)
  })

  it('leads on by a page where a link elsewhere led here', async () => {
    const { host } = await startHost()
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
    const path = pathOf(host.tokenUrl('console'))
    const answer = await get(host, path, headers)
    expect([answer.status, answer.headers['set-cookie']]).toEqual([200, undefined])
    expect(answer.body).toContain(`content="0;url=${path}"`)
    const admitted = await get(host, path, { ...headers, 'sec-fetch-site': 'same-origin' })
    expect(admitted.status).toBe(303)
    expect(admitted.headers['set-cookie']).toBeDefined()
    const strange = await get(host, '/?token=%22%3E%3Cscript%3E', headers)
    expect([strange.status, strange.body.includes('<script')]).toEqual([401, false])
  })

  it('does not let a link with the address of a wall take the console of a browser', async () => {
    const { host } = await startHost()
    const { cookie } = await admit(host, host.tokenUrl('console'))
    const wall = pathOf(host.tokenUrl('wall'))
    // As a page of another site leads here: without the cookie, which the answer must not replace.
    const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' }
    expect((await get(host, wall, link)).headers['set-cookie']).toBeUndefined()
    const next = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' }
    const answer = await get(host, wall, { ...next, cookie })
    expect([answer.status, answer.headers['set-cookie']]).toEqual([409, undefined])
    expect(answer.body).toContain('is a console already')
    // A display without a console is led on, and whoever types the address means it.
    expect((await get(host, wall, next)).status).toBe(303)
    expect((await get(host, wall, { ...next, 'sec-fetch-site': 'none', cookie })).status).toBe(303)
  })

  it('ends a console after twelve idle hours, a wall never', async () => {
    const { host, clock } = await startHost()
    const desk = { cookie: (await admit(host, host.tokenUrl('console'))).cookie }
    const wall = { cookie: (await admit(host, host.tokenUrl('wall'))).cookie }
    clock.advance(11 * HOUR)
    expect((await get(host, '/', desk)).status).toBe(200)
    clock.advance(12 * HOUR)
    expect((await get(host, '/', desk)).status).toBe(401)
    clock.advance(1000 * HOUR)
    expect((await get(host, '/', wall)).status).toBe(200)
  })

  it('lets a wall come back with its address', async () => {
    const { host } = await startHost()
    const path = pathOf(host.tokenUrl('wall'))
    const first = await get(host, path)
    expect(String(first.headers['set-cookie'])).toContain('Max-Age=')
    expect((await get(host, path)).status).toBe(303)
  })
})

describe('where a request comes from', () => {
  it.each([
    ['a foreign name (DNS rebinding)', { host: 'evil.example' }],
    ['a foreign name with our port', { host: 'evil.example:1' }],
    ['another site', { origin: 'https://evil.example' }],
    ['no site', { origin: 'null' }],
    ['a picture on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ])('is refused with a cookie for %s', async (_, headers: Record<string, string>) => {
    const { host } = await startHost()
    const { cookie } = await admit(host, host.tokenUrl('console'))
    expect((await get(host, '/', { cookie, ...headers })).status).toBe(403)
  })

  it('does not use a token up', async () => {
    const { host } = await startHost()
    const path = pathOf(host.tokenUrl('console'))
    expect((await get(host, path, { host: 'evil.example' })).status).toBe(403)
    expect((await get(host, path)).status).toBe(303)
  })

  it('may be any of our names', async () => {
    const { host } = await startHost({ allowedHosts: ['noc.example'] })
    const { cookie } = await admit(host, host.tokenUrl('console'))
    for (const name of [`localhost:${host.port}`, `127.0.0.1:${host.port}`, 'NOC.example']) {
      expect((await get(host, '/', { cookie, host: name })).status).toBe(200)
    }
  })
})

describe('answers', () => {
  it('carry the policy, refusals too', async () => {
    const { host } = await startHost()
    const { cookie } = await admit(host, host.tokenUrl('console'))
    for (const answer of [
      await get(host, '/'),
      await get(host, '/', { cookie }),
      await get(host, '/none', { cookie }),
      await get(host, '/', { host: 'evil.example' }),
      await get(host, '/', { cookie }, 'POST'),
    ]) {
      expect(answer.headers).toMatchObject(SECURITY_HEADERS)
    }
  })

  it('let hashed files be kept and the page be asked for', async () => {
    const { host } = await startHost()
    const { cookie } = await admit(host, host.tokenUrl('console'))
    const asset = await get(host, '/assets/main-abc123.js', { cookie })
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect((await get(host, '/', { cookie })).headers['cache-control']).toBe('no-cache')
    expect((await get(host, '/', { cookie }, 'POST')).status).toBe(405)
  })

  it.each(['/../package.json', '/%2e%2e/package.json', '/assets/..%2f..%2fsecret', '/.env', '/%00'])(
    'never leave the folder: %s',
    async (path) => {
      const { host } = await startHost()
      const { cookie } = await admit(host, host.tokenUrl('console'))
      expect([400, 403, 404]).toContain((await get(host, path, { cookie })).status)
    },
  )

  it('say that the console is not built', async () => {
    const { host } = await startHost({ rendererDir: join(rendererDir, 'none') })
    const { cookie } = await admit(host, host.tokenUrl('console'))
    expect((await get(host, '/', { cookie })).body).toContain('npm run build')
  })
})

describe('a host that cannot start', () => {
  it('says which port is taken', async () => {
    const { host } = await startHost()
    await expect(startHost({ port: host.port })).rejects.toThrow(/^Port \d+ on 127\.0\.0\.1 is taken/)
  })
})

describe('what is logged', () => {
  it('holds no token and no cookie', async () => {
    const lines: string[] = []
    const logger = createLogger({
      level: 'trace',
      destination: { write: (line: string) => void lines.push(line) },
    })
    const { host } = await startHost({ logger })
    const path = pathOf(host.tokenUrl('console'))
    const cookie = String((await get(host, path)).headers['set-cookie']).split(';')[0] ?? ''
    await get(host, path)
    await get(host, '/', { cookie, host: 'evil.example' })
    await dial(host, { cookie, origin: 'https://evil.example' })
    expect(lines.length).toBeGreaterThan(0)
    const token = path.split('=')[1] ?? 'none'
    for (const line of lines) {
      expect(line).not.toContain(token)
      expect(line).not.toContain(cookie.split('=')[1])
    }
  })
})

describe('a cookie', () => {
  const secure = /^__Host-floorwatch_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/
  const plain = /^floorwatch_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/
  it.each([
    ['under a name that is configured with https://', { host: 'noc.example' }, secure],
    [
      'where the proxy on this machine says https',
      { host: 'b.example', 'x-forwarded-proto': 'https' },
      secure,
    ],
    ['where the proxy says http', { host: 'b.example', 'x-forwarded-proto': 'http' }, plain],
    ['where the proxy says nothing', { host: 'b.example' }, plain],
    ['where a stranger forges the header', { 'x-forwarded-proto': 'https' }, plain],
  ])('is Secure behind TLS: %s', async (_, headers: Record<string, string>, expected) => {
    const { host } = await startHost({ allowedHosts: ['https://noc.example', 'b.example'] })
    const answer = await get(host, pathOf(host.tokenUrl('console')), headers)
    const cookie = String(answer.headers['set-cookie'])
    expect(cookie).toMatch(expected)
    expect((await get(host, '/', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200)
  })

  it('comes from no plain page of a name that is TLS alone', async () => {
    const { host } = await startHost({ allowedHosts: ['https://noc.example'] })
    const { cookie } = await admit(host, host.tokenUrl('console'))
    const from = (origin: string) => get(host, '/', { cookie, host: 'noc.example', origin })
    expect((await from('http://noc.example')).status).toBe(403)
    expect((await from('https://noc.example')).status).toBe(200)
  })
})

describe('a flood of refused requests', () => {
  it('writes a few lines with the count, not one each', async () => {
    const lines: string[] = []
    const logger = createLogger({
      level: 'trace',
      destination: { write: (line: string) => void lines.push(line) },
    })
    const { host } = await startHost({ logger })
    for (let i = 0; i < 500; i++) {
      await get(host, `/${i}`)
      await get(host, '/', { host: `evil-${i}.example` })
    }
    await host.close()
    expect(lines.length).toBeLessThanOrEqual(4)
    const told = lines.reduce((sum, line) => sum + 1 + Number(/"more":(\d+)/.exec(line)?.[1] ?? 0), 0)
    expect(told).toBe(1000)
  })
})
