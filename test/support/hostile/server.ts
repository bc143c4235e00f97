import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Shape } from './shapes.ts'

/** A source on loopback that is quiet until it is told to be hostile, in one shape. */
export interface HostileServer {
  readonly port: number
  hostile: boolean
  answers(): number
  close(): Promise<void>
}

/** Of a quiet exporter, inference server, metering: one of everything. */
const QUIET: Readonly<Record<Shape['kind'], string>> = {
  exporter: 'DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-0",Hostname="x-1"} 300\n',
  inference: 'vllm:generation_tokens_total{engine="0",model_name="m"} 1000\n',
  metering:
    '{"dataAsOf":"{N}","complete":true,"from":"{F}","to":"{N}","step":{S},"series":[{"dims":{"tenant":"t","model":"m"},"points":[{"t":"{T}","input":10,"output":10,"cachedInput":0,"reasoning":0,"requests":1,"rejected":0,"errors":0}]}]}',
  prometheus: '',
}

/** Of a healthy floor behind the same Prometheus. */
const HEALTHY_ROWS = Array.from(
  { length: 64 },
  (_, i) =>
    `"instance":"h-${i >> 3}:9400","Hostname":"h-${i >> 3}","UUID":"GPU-h-${i >> 3}-${i & 7}","gpu":"${i & 7}"`,
).join('\n')

export const CAPABILITIES = {
  backend: { name: 'hostile', version: '1' },
  minStepSeconds: 5,
  lagSeconds: 0,
  retentionDays: 30,
  groups: ['tenant', 'model'],
  tokenTypes: ['input', 'output'],
  errorTokens: false,
  latencyKinds: [],
  calendarBuckets: [],
  workflows: false,
  statements: false,
  events: false,
  throttle: null,
}

export async function startHostile(shape: Shape): Promise<HostileServer> {
  let answers = 0
  const server = createServer((request, response) => {
    answers += 1
    const body = hostile.hostile ? shape.body(answers) : QUIET[shape.kind]
    answer(shape.kind, body, request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const hostile: HostileServer = {
    port: (server.address() as AddressInfo).port,
    hostile: false,
    answers: () => answers,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return hostile
}

function answer(kind: Shape['kind'], body: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  if (kind === 'exporter' || kind === 'inference') {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(body)
    return
  }
  response.setHeader('content-type', 'application/json')
  if (kind === 'metering') {
    if (url.pathname.endsWith('/capabilities')) response.end(JSON.stringify(CAPABILITIES))
    else if (url.pathname.endsWith('/usage')) response.end(filled(body, url))
    else response.writeHead(404).end('{}')
    return
  }
  let read = ''
  request.setEncoding('utf8').on('data', (piece: string) => (read += piece))
  request.on('end', () => {
    const query = new URLSearchParams(read).get('query') ?? url.searchParams.get('query') ?? ''
    const now = Date.now() / 1000
    // The age of samples is their time; any other figure moves a little, as figures do.
    const value = query.includes('timestamp(') ? now - 1 : 300 + (now % 7)
    const rows = `${HEALTHY_ROWS}\n${body}`.trim().split('\n')
    response.end(
      `{"status":"success","data":{"resultType":"vector","result":[${rows
        .map((labels) => `{"metric":{${labels}},"value":[${now},"${value}"]}`)
        .join(',')}]}}`,
    )
  })
}

/** The step that is asked for, and its instants. */
export function filled(body: string, url: URL): string {
  const step = Number(url.searchParams.get('step') ?? 60)
  const to = Date.parse(url.searchParams.get('to') ?? '') || Date.now()
  const from = Date.parse(url.searchParams.get('from') ?? '') || to - step * 1000
  const start = Math.max(from, Math.floor(to / (step * 1000) - 1) * step * 1000)
  return body
    .replaceAll('{T}', new Date(start).toISOString())
    .replaceAll('{F}', new Date(from).toISOString())
    .replaceAll('{N}', new Date(to).toISOString())
    .replaceAll('{S}', String(step))
}
