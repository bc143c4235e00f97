import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { WebSocket } from 'ws'
import { manualClock } from '../../main/platform/clock.ts'
import { createLogger } from '../../main/platform/logger.ts'
import { createHost, type Host, type HostOptions } from '../../main/wall/host.ts'
import { PROOF_PROTOCOL, type Wire, WIRE_PROTOCOL } from '../../shared/contract/wire.ts'

/** A page of two files, made where a test file asks for it and removed after its tests. */
export const rendererDir = mkdtempSync(join(tmpdir(), 'floorwatch-wall-'))
mkdirSync(join(rendererDir, 'assets'))
writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>console</title>')
writeFileSync(join(rendererDir, 'assets', 'main-abc123.js'), 'export {}')
afterAll(() => rmSync(rendererDir, { recursive: true }))

const open: Host[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()))
})

export interface Attached {
  wire: Wire
  role: string
  ended: Promise<string>
}

/** A host with a stand-in engine that greets, answers each text with its role and echoes bytes. */
export async function startHost(options: Partial<HostOptions> = {}) {
  const attached: Attached[] = []
  const clock = manualClock()
  const host = await createHost({
    engine: {
      attach(wire, role) {
        const ended = new Promise<string>((resolve) => wire.onClose(resolve))
        attached.push({ wire, role, ended })
        wire.onMessage((message) => wire.send(typeof message === 'string' ? `${role}:${message}` : message))
        wire.send(`hello ${role}`)
      },
    },
    rendererDir,
    clock,
    logger: createLogger(),
    ...options,
  })
  open.push(host)
  return { host, attached, clock }
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

export function get(
  host: Pick<Host, 'port'>,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: host.port, path, method, headers }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

export function pathOf(address: string): string {
  const url = new URL(address)
  return url.pathname + url.search
}

/** The two keys of a browser: what stands in its cookie jar, and what its page alone knows. */
export interface Keys {
  readonly cookie: string
  readonly proof: string
}

export async function admit(
  host: Pick<Host, 'port'>,
  address: string,
  headers: Record<string, string> = {},
): Promise<Keys> {
  const answer = await get(host, pathOf(address), headers)
  return {
    cookie: String(answer.headers['set-cookie']).split(';')[0] ?? '',
    proof: String(answer.headers.location).split('#proof=')[1] ?? '',
  }
}

export const own = (host: Pick<Host, 'port'>) => ({ origin: `http://127.0.0.1:${host.port}` })

export interface Dialled {
  readonly socket: WebSocket
  /** 101, or the status that it was refused with. */
  readonly status: number
  /** The first message after that, or the close: `4401 why`. */
  readonly first: Promise<string>
}

/** A line as a program or a browser opens it; a proof goes with the handshake, as the page sends it. */
export async function dial(
  host: Pick<Host, 'port'>,
  headers: Record<string, string>,
  { proof, path = '/wire' }: { proof?: string; path?: string } = {},
): Promise<Dialled> {
  const protocols = proof === undefined ? [] : [WIRE_PROTOCOL, `${PROOF_PROTOCOL}${proof}`]
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, protocols, { headers })
  const first = new Promise<string>((resolve) => {
    socket.once('message', (data: Buffer) => resolve(data.toString('utf8')))
    socket.once('close', (code, reason) => resolve(`${code} ${reason.toString('utf8')}`))
  })
  const status = await new Promise<number>((resolve) => {
    socket.once('open', () => resolve(101))
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => resolve(0))
  })
  return { socket, status, first }
}

/** A line of an admitted page, once the engine has greeted it. */
export async function attach(host: Pick<Host, 'port'>, { cookie, proof }: Keys): Promise<WebSocket> {
  const line = await dial(host, { ...own(host), cookie }, { proof })
  const first = await line.first
  if (!first.startsWith('hello')) throw new Error(`the line was refused: ${line.status} ${first}`)
  return line.socket
}
