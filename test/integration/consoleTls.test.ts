import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { LinePort } from '../../main/electron/lines.ts'
import { bridge } from '../../main/electron/remoteEngine.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { loadTls } from '../../main/wall/tls.ts'
import { PROOF_PROTOCOL, WIRE_PROTOCOL } from '../../shared/contract/wire.ts'
import { type Certificate, issue, openssl } from '../support/certificates.ts'
import { rendererDir, startHost } from '../support/wallHost.ts'

let folder = ''
let ca: Certificate
let server: Certificate

beforeAll(async () => {
  if (!openssl.present) return
  folder = await mkdtemp(join(tmpdir(), 'floorwatch-console-tls-'))
  ca = await issue(folder, 'ca', 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign')
  server = await issue(folder, 'server', 'subjectAltName=IP:127.0.0.1,DNS:localhost')
})
afterAll(async () => {
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

const filesOf = ({ certPath, keyPath }: Certificate) => ({ cert: certPath, key: keyPath })

/** What a desktop window hears first: a message of the engine, or why there is none. */
function heard(address: string, caFile: string | null): Promise<string> {
  return new Promise((resolve) => {
    const port: LinePort = {
      on: () => undefined,
      start: () => undefined,
      close: () => undefined,
      postMessage: (message: unknown) =>
        resolve(typeof message === 'string' ? message : JSON.stringify(message)),
    }
    bridge({ url: new URL(address), tokenFile: null, caFile }, 'w'.repeat(32), port, () => undefined)
  })
}

function get(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; cookie: string; location: string }> {
  return new Promise((resolve, reject) => {
    // A page of an attacker's name is a browser's matter; what the console says to its name is ours.
    const tls = { ca: ca.cert, checkServerIdentity: () => undefined }
    const sent = request({ host: '127.0.0.1', port, path, headers, ...tls }, (response) => {
      response.resume()
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          cookie: String(response.headers['set-cookie'] ?? ''),
          location: response.headers.location ?? '',
        }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}

describe.runIf(openssl.present)('a console by TLS', () => {
  it('admits a browser with a cookie that never leaves TLS, and its line', async () => {
    const { host, attached } = await startHost({ tls: filesOf(server) })
    expect(host.url).toBe(`https://127.0.0.1:${host.port}`)
    const { pathname, search } = new URL(host.tokenUrl('console'))
    const admitted = await get(host.port, pathname + search)
    expect(admitted.status).toBe(303)
    expect(admitted.cookie).toMatch(/^__Host-floorwatch_\d+=.+; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
    const proof = admitted.location.split('#proof=')[1] ?? ''
    const socket = new WebSocket(
      `wss://127.0.0.1:${host.port}/wire`,
      [WIRE_PROTOCOL, `${PROOF_PROTOCOL}${proof}`],
      { ca: ca.cert, headers: { origin: host.url, cookie: admitted.cookie.split(';')[0] ?? '' } },
    )
    const first = await new Promise((resolve) => {
      socket.once('message', (data: Buffer) => resolve(data.toString()))
      socket.once('error', resolve)
    })
    expect(first).toBe('hello console')
    socket.close()
    expect(attached).toHaveLength(1)
  })

  it('refuses a page that came without TLS, and a name that the certificate does not have', async () => {
    const { host } = await startHost({ tls: filesOf(server) })
    const plain = await get(host.port, '/', { origin: `http://127.0.0.1:${host.port}` })
    const stranger = await get(host.port, '/', { host: `evil.example:${host.port}` })
    const certified = await get(host.port, '/', { host: `localhost:${host.port}` })
    expect([plain.status, stranger.status, certified.status]).toEqual([403, 403, 401])
  })

  it('takes a window with the private authority, and tells every other one why not', async () => {
    const { host } = await startHost({ tls: filesOf(server) })
    const address = () => host.attachUrl('console')
    expect(await heard(address(), ca.certPath)).toBe('hello console')
    expect(await heard(address(), null)).toContain('authority that this machine does not trust')
    expect(await heard(address(), join(folder, 'none.pem'))).toContain('Check the path of --ca')
    expect(await heard(address().replace('https:', 'http:'), null)).toMatch(/cannot be reached/)

    const elsewhere = await issue(folder, 'elsewhere', 'subjectAltName=DNS:noc.example')
    const other = await startHost({ tls: filesOf(elsewhere) })
    const wrongName = other.host.attachUrl('console').replace('noc.example', '127.0.0.1')
    expect(await heard(wrongName, ca.certPath)).toContain('certificate is for another name')

    const old = await issue(folder, 'old', 'subjectAltName=IP:127.0.0.1', ['-days', '-1'])
    const expired = await startHost({ tls: filesOf(old) })
    expect(await heard(expired.host.attachUrl('console'), ca.certPath)).toContain('has expired')

    const own = await issue(folder, 'own', 'subjectAltName=IP:127.0.0.1')
    const alone = await startHost({ tls: filesOf(own) })
    expect(await heard(alone.host.attachUrl('console'), null)).toContain('signed by itself')
    expect(await heard(alone.host.attachUrl('console'), own.certPath)).toBe('hello console')
  })

  it('takes over a renewed certificate, and keeps the old one while the new pair does not fit', async () => {
    const [cert, key] = [join(folder, 'live.pem'), join(folder, 'live.key')]
    const first = await issue(folder, 'first', 'subjectAltName=IP:127.0.0.1')
    const second = await issue(folder, 'second', 'subjectAltName=IP:127.0.0.1')
    await copyFile(first.certPath, cert)
    await copyFile(first.keyPath, key)
    const lines: string[] = []
    const logger = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } })
    const { host } = await startHost({ tls: { cert, key }, tlsLookMs: 5, logger, rendererDir })
    const subject = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port: host.port, ca: ca.cert }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN))
          socket.destroy()
        })
        socket.on('error', reject)
      })
    expect(await subject()).toBe('first')
    await copyFile(second.certPath, cert)
    await expect.poll(() => lines.join('')).toContain('the one before it stays')
    expect(await subject()).toBe('first')
    await copyFile(second.keyPath, key)
    await expect.poll(() => lines.join('')).toContain('renewed certificate is in use')
    expect(await subject()).toBe('second')
  })

  it('is not started with files that are no pair, and says which one is wrong', async () => {
    const nonsense = join(folder, 'nonsense.pem')
    await writeFile(nonsense, 'not a certificate')
    const { certPath, keyPath } = server
    expect(() => loadTls({ cert: nonsense, key: keyPath })).toThrow(
      'nonsense.pem is not a certificate in PEM',
    )
    expect(() => loadTls({ cert: certPath, key: nonsense })).toThrow(
      'nonsense.pem is not a private key in PEM',
    )
    expect(() => loadTls({ cert: certPath, key: ca.keyPath })).toThrow('does not belong to the certificate')
    expect(() => loadTls({ cert: join(folder, 'missing.pem'), key: keyPath })).toThrow('--tls-cert')
    expect(loadTls(filesOf(server)).names).toEqual(['127.0.0.1', 'localhost'])
  })
})
