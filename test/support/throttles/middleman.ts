import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** One request on its way to the real server. */
export interface Passing {
  readonly method: string
  readonly path: string
  /** Sends it on, once; the answer is held until {@link Passing.answer}. */
  forward(): Promise<{ readonly status: number; readonly body: string }>
  /** Gives the answer of {@link Passing.forward} back, or another one. */
  answer(instead?: { readonly status: number; readonly type?: string; readonly body: string }): void
  /** Breaks the connection. */
  hangUp(): void
}

export interface Middleman {
  readonly url: string
  /** What happens to each request; left out, it is passed on. */
  on: ((passing: Passing) => Promise<void> | void) | null
  close(): Promise<void>
}

/** A proxy on loopback in front of a server, which does to requests what a test wants. */
export async function startMiddleman(target: string): Promise<Middleman> {
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const middleman: Middleman = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    on: null,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { method = 'GET', url = '/' } = request
    let held: { status: number; headers: Headers; body: string } | null = null
    const passing: Passing = {
      method,
      path: url.split('?')[0] ?? '',
      async forward() {
        const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
        const answered = await fetch(target + url, {
          method,
          headers: headers as Record<string, string>,
          ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
        })
        held = { status: answered.status, headers: answered.headers, body: await answered.text() }
        return held
      },
      answer(instead) {
        if (instead !== undefined) {
          response.writeHead(instead.status, { 'content-type': instead.type ?? 'application/problem+json' })
          response.end(instead.body)
        } else if (held !== null) {
          const kept = ['content-type', 'etag', 'date', 'retry-after'].flatMap((name) => {
            const value = held?.headers.get(name) ?? null
            return value === null ? [] : [[name, value] as const]
          })
          response.writeHead(held.status, Object.fromEntries(kept))
          response.end(held.body)
        }
      },
      hangUp: () => response.destroy(),
    }
    if (middleman.on !== null) {
      await middleman.on(passing)
      return
    }
    await passing.forward()
    passing.answer()
  }

  return middleman
}
