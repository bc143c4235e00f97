import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Factory } from '../factory/factory.ts'
import { FAULT_NAMES, FAULTS, FaultError, type FaultSettings } from '../faults/catalogue.ts'
import type { Faults } from '../faults/faults.ts'
import { changeSettings } from '../faults/settings.ts'
import { inventoryOf, type TargetGroup, targetGroups } from './files.ts'

export interface ControlOptions {
  readonly factory: Factory
  readonly faults: Faults
  readonly defaults: FaultSettings
  readonly addresses: readonly string[]
  /** Groups of the inference servers. */
  readonly inference: readonly TargetGroup[]
  readonly metering: { readonly url: string; readonly tokenPath: string }
  /** Called after the faults changed; the answer waits until they are in force. */
  readonly onFaults: () => Promise<void>
}

export interface Control {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

const MAX_BODY_BYTES = 256 * 1024
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** An answer that is not 200, in plain words. */
class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The demo's own small server: what is here, where the exporters are, and the switches of the faults. */
export async function startControl(options: ControlOptions): Promise<Control> {
  const { factory, faults, addresses } = options

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkHost(request)
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET')
    if (path === '/faults' && method === 'PUT') {
      const change = parseJson(await readBody(request))
      faults.apply(changeSettings(faults.settings(), options.defaults, change, factory))
      await options.onFaults()
      sendJson(response, describeFaults(faults.settings()))
      return
    }
    const pages: Record<string, () => void> = {
      '/': () => sendText(response, 200, describe(options)),
      '/healthz': () => sendText(response, 200, 'ok\n'),
      '/targets.json': () => sendJson(response, targetGroups(addresses)),
      '/inference-targets.json': () => sendJson(response, options.inference),
      '/inventory.json': () => sendJson(response, inventoryOf(factory)),
      '/faults': () => sendJson(response, describeFaults(faults.settings())),
    }
    const page = pages[path]
    if (page === undefined) throw new Refusal(404, `There is no ${path} here; GET / lists what there is.`)
    if (method !== 'GET') {
      const allow = path === '/faults' ? 'GET, PUT' : 'GET'
      response.setHeader('Allow', allow)
      throw new Refusal(405, `${path} takes ${allow}, not ${method}.`)
    }
    page()
  }

  const server = createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (response.headersSent) {
        response.destroy()
        return
      }
      const status = error instanceof Refusal ? error.status : error instanceof FaultError ? 400 : 500
      sendText(response, status, `${error instanceof Error ? error.message : String(error)}\n`)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port: 0 }, resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A page elsewhere whose name was pointed at this address must not reach the switches (DNS rebinding). */
function checkHost(request: IncomingMessage): void {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
  if (LOOPBACK_NAMES.includes(name)) return
  throw new Refusal(403, `This server answers on loopback only: use ${LOOPBACK_NAMES.join(' or ')}.`)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new Refusal(413, `At most ${MAX_BODY_BYTES} bytes are taken.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(400, `The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

function describeFaults(settings: FaultSettings) {
  return Object.fromEntries(
    FAULT_NAMES.map((name) => [
      name,
      { ...settings[name], scope: FAULTS[name].scope, text: FAULTS[name].text },
    ]),
  )
}

function describe({ factory, addresses, faults, inference, metering }: ControlOptions): string {
  const { site, options } = factory
  const on = FAULT_NAMES.filter((name) => faults.settings()[name].on)
  return [
    `Floorwatch demo factory: ${site.gpuCount} GPUs on ${site.hosts.length} hosts in ${site.racks.length} racks on ${site.floors.length} floors.`,
    `Simulated time ${new Date(factory.now()).toISOString()} (${options.timezone}), seed ${options.seed}.`,
    `Exporters: ${addresses.length}, for example http://${addresses[0] ?? ''}/metrics`,
    `Inference servers: ${inference.length}${exampleOf(inference)}`,
    `Metering API: ${metering.url}/v1 (bearer token in ${metering.tokenPath})`,
    '',
    'GET /targets.json            exporters, in the format of Prometheus file_sd and HTTP SD',
    'GET /inference-targets.json  inference servers, in the same format',
    'GET /inventory.json          what stands on the floor',
    'GET /faults                  the switches; PUT a JSON object of those to change',
    'GET /healthz',
    '',
    `Faults that are on: ${on.length === 0 ? 'none' : on.join(', ')}`,
    '',
  ].join('\n')
}

function exampleOf([first]: readonly TargetGroup[]): string {
  if (first === undefined) return ''
  return `, for example http://${first.targets[0] ?? ''}${first.labels['__metrics_path__'] ?? '/metrics'}`
}

function sendJson(response: ServerResponse, value: unknown): void {
  sendBytes(response, 200, 'application/json', Buffer.from(`${JSON.stringify(value, null, 2)}\n`))
}

function sendText(response: ServerResponse, status: number, text: string): void {
  sendBytes(response, status, 'text/plain; charset=utf-8', Buffer.from(text))
}

function sendBytes(response: ServerResponse, status: number, type: string, body: Buffer): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(body)
}
