import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeFailure } from '../../main/platform/failure.ts'
import { boundedRequest, createAgent, type TlsOptions } from '../../main/platform/http/index.ts'
import { requirement } from '../support/peers.ts'

const openssl = requirement('openssl')
const run = promisify(execFile)

interface Pair {
  readonly cert: Buffer
  readonly key: Buffer
}

let folder = ''
let ca: Pair
let server: Pair
let expired: Pair
let client: Pair
const servers: Server[] = []

const at = (name: string) => join(folder, name)

async function issue(name: string, extensions: string, validity: readonly string[]): Promise<Pair> {
  await writeFile(at(`${name}.ext`), extensions)
  const subject = ['-subj', `/CN=${name}`, '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  await run(openssl.path, [
    'req',
    '-new',
    ...subject,
    '-keyout',
    at(`${name}.key`),
    '-out',
    at(`${name}.csr`),
  ])
  const request = ['-in', at(`${name}.csr`), '-out', at(`${name}.pem`), '-extfile', at(`${name}.ext`)]
  const signer =
    name === 'ca'
      ? ['-signkey', at('ca.key')]
      : ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial']
  await run(openssl.path, ['x509', '-req', ...request, ...signer, ...validity])
  return { cert: await readFile(at(`${name}.pem`)), key: await readFile(at(`${name}.key`)) }
}

async function serve(pair: Pair, askClient = false): Promise<number> {
  const created = createServer(
    { ...pair, ca: ca.cert, requestCert: askClient, rejectUnauthorized: askClient },
    (_request, response) => response.end('ok'),
  )
  created.on('tlsClientError', () => {})
  servers.push(created)
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve))
  return (created.address() as AddressInfo).port
}

/** 'ok', or the failure's code, text and next step on one line. */
async function ask(url: string, tls: TlsOptions): Promise<string> {
  const agent = createAgent({ connections: 1, tls })
  try {
    const answer = await boundedRequest({ url, agent, deadlineMs: 5000, maxBodyBytes: 1000 })
    return Buffer.from(answer.body).toString()
  } catch (error) {
    const { code, text, nextStep } = describeFailure(error, { source: 'Prometheus', address: url })
    return `${code}: ${text} ${nextStep}`
  } finally {
    await agent.close()
  }
}

describe('TLS', () => {
  beforeAll(async () => {
    if (!openssl.present) return
    folder = await mkdtemp(join(tmpdir(), 'floorwatch-tls-'))
    const days = ['-days', '2']
    ca = await issue('ca', 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign', days)
    server = await issue('server', 'subjectAltName=DNS:localhost,IP:127.0.0.1', days)
    expired = await issue('expired', 'subjectAltName=IP:127.0.0.1', ['-days', '-1'])
    client = await issue('client', 'extendedKeyUsage=clientAuth', days)
  })
  afterAll(async () => {
    for (const created of servers) {
      created.close()
      created.closeAllConnections()
    }
    if (folder !== '') await rm(folder, { recursive: true, force: true })
  })

  it('trusts a private authority that is named, and no other', async ({ skip }) => {
    skip(!openssl.present, openssl.reason)
    const port = await serve(server)
    expect(await ask(`https://127.0.0.1:${port}`, { ca: ca.cert })).toBe('ok')
    expect(await ask(`https://localhost:${port}`, { ca: ca.cert.toString() })).toBe('ok')
    expect(await ask(`https://127.0.0.1:${port}`, {})).toMatch(/^tls: .*unknown authority.*`tls\.ca`/)
  })

  it('refuses a certificate for another name unless that name is expected', async ({ skip }) => {
    skip(!openssl.present, openssl.reason)
    const port = await serve(await issue('other', 'subjectAltName=DNS:prom.example', ['-days', '2']))
    const url = `https://127.0.0.1:${port}`
    expect(await ask(url, { ca: ca.cert })).toMatch(/^tls: .*for another name.*`tls\.serverName`/)
    expect(await ask(url, { ca: ca.cert, serverName: 'prom.example' })).toBe('ok')
  })

  it('refuses an expired certificate', async ({ skip }) => {
    skip(!openssl.present, openssl.reason)
    const port = await serve(expired)
    expect(await ask(`https://127.0.0.1:${port}`, { ca: ca.cert })).toMatch(/^tls: .*has expired/)
  })

  it('shows its own certificate where one is wanted, and says so where it has none', async ({ skip }) => {
    skip(!openssl.present, openssl.reason)
    const url = `https://127.0.0.1:${await serve(server, true)}`
    expect(await ask(url, { ca: ca.cert, ...client })).toBe('ok')
    expect(await ask(url, { ca: ca.cert })).toMatch(/^(tls|reset): .*client certificate.*`tls\.cert`/)
  })
})
