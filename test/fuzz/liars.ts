import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CAPABILITIES, filled } from '../support/hostile/server.ts'
import { exposition, inference, spoiledJson, usage, vector } from './lies.ts'
import { Random } from './random.ts'

export type LiarKind = 'exporter' | 'inference' | 'prometheus' | 'metering'

/** A source on loopback that lies: what it says depends on its seed and on how often it was asked, on nothing else. */
export interface Liar {
  readonly kind: LiarKind
  readonly port: number
  answers(): number
  close(): Promise<void>
}

export async function startLiar(kind: LiarKind, seed: number): Promise<Liar> {
  const random = new Random(seed)
  let answers = 0
  const server = createServer((request, response) => {
    answers += 1
    lie(kind, random, seed, request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    kind,
    port: (server.address() as AddressInfo).port,
    answers: () => answers,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function lie(
  kind: LiarKind,
  random: Random,
  seed: number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const share = kind === 'prometheus' ? 0.003 : 0.01
  if (random.chance(share)) {
    request.destroy()
    return
  }
  if (random.chance(share)) {
    response
      .writeHead(random.pick([204, 301, 404, 429, 500, 503]), {
        location: 'http://169.254.169.254/',
        'retry-after': '1e9',
      })
      .end('no')
    return
  }
  switch (kind) {
    case 'exporter':
    case 'inference': {
      const body = kind === 'exporter' ? exposition(random, `liar-${seed}`) : inference(random)
      response.setHeader(
        'content-type',
        random.pick(['text/plain; version=0.0.4', 'text/html', 'application/openmetrics-text']),
      )
      finish(random, response, body)
      return
    }
    case 'metering':
      response.setHeader('content-type', 'application/json')
      if (url.pathname.endsWith('/capabilities'))
        response.end(random.chance(0.8) ? JSON.stringify(CAPABILITIES) : spoiledJson(random, CAPABILITIES))
      else if (url.pathname.endsWith('/usage')) finish(random, response, filled(usage(random), url))
      else response.writeHead(404).end('{}')
      return
    default: {
      let read = ''
      request.setEncoding('utf8').on('data', (piece: string) => (read += piece))
      request.on('end', () => {
        const query = new URLSearchParams(read).get('query') ?? url.searchParams.get('query') ?? ''
        response.setHeader('content-type', 'application/json')
        finish(random, response, vector(random, query))
      })
    }
  }
}

/** Mostly the whole body at once; sometimes half of it, and then nothing. */
function finish(random: Random, response: ServerResponse, body: string): void {
  if (random.chance(0.005)) {
    response.write(body.slice(0, body.length / 2))
    setTimeout(() => response.destroy(), 20)
  } else response.end(body)
}
