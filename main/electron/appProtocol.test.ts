import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAppHandler, fileOf } from './appProtocol.ts'

const ROOT = join('/', 'app', 'renderer')

describe('fileOf', () => {
  it.each([
    ['floorwatch://app/', 'index.html', 'text/html; charset=utf-8'],
    ['floorwatch://app/index.html?x=1#/floor', 'index.html', 'text/html; charset=utf-8'],
    [
      'floorwatch://app/assets/main-a1b2.js',
      join('assets', 'main-a1b2.js'),
      'text/javascript; charset=utf-8',
    ],
    ['https://floorwatch.invalid/', 'index.html', 'text/html; charset=utf-8'],
    ['floorwatch://app/assets/b612.woff2', join('assets', 'b612.woff2'), 'font/woff2'],
  ])('%s is %s', (address, file, mediaType) => {
    expect(fileOf(ROOT, address)).toEqual({ path: join(ROOT, file), mediaType })
  })

  it.each([
    'floorwatch://app/..%2f..%2fetc/secret.json',
    'floorwatch://app/..%5c..%5csecret.json',
    'floorwatch://app/a%00.html',
    'floorwatch://app/%zz.html',
    'floorwatch://app/main.exe',
    'floorwatch://app/.env',
    'floorwatch://other/index.html',
    'https://app/index.html',
    'nonsense',
  ])('refuses %s', (address) => {
    expect(fileOf(ROOT, address)).toBeNull()
  })
})

it('keeps encoded dots inside the folder', () => {
  expect(fileOf(ROOT, 'floorwatch://app/%2e%2e/%2e%2e/etc/secret.json')?.path).toBe(
    join(ROOT, 'etc', 'secret.json'),
  )
})

describe('createAppHandler', () => {
  const root = mkdtempSync(join(tmpdir(), 'floorwatch-protocol-'))
  const handle = createAppHandler(root, { 'content-security-policy': "default-src 'none'" })
  beforeAll(() => writeFileSync(join(root, 'index.html'), '<!doctype html>'))
  afterAll(() => rmSync(root, { recursive: true }))

  it('serves a file with the policy', async () => {
    const answer = await handle({ url: 'floorwatch://app/', method: 'GET' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'")
    expect(await answer.text()).toBe('<!doctype html>')
  })

  it('puts the policy on refusals too', async () => {
    const missing = await handle({ url: 'floorwatch://app/none.js', method: 'GET' })
    const posted = await handle({ url: 'floorwatch://app/', method: 'POST' })
    expect([missing.status, posted.status]).toEqual([404, 405])
    expect(missing.headers.get('content-security-policy')).not.toBeNull()
    expect(posted.headers.get('content-security-policy')).not.toBeNull()
  })
})
