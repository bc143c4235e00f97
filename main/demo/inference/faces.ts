import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Factory } from '../factory/factory.ts'
import type { Pod } from '../factory/placement.ts'
import type { ServedCounters } from '../ledger/types.ts'
import { type Face, faceOf } from './engines.ts'
import { createViews } from './view.ts'

/** One group of Prometheus' file_sd and HTTP SD formats. */
export interface FaceTarget {
  readonly targets: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/** The metrics of all inference servers. */
export interface Faces {
  readonly url: string
  /** One group per server, with the labels that Kubernetes discovery would attach. */
  readonly targets: readonly FaceTarget[]
  close(): Promise<void>
}

/** Longer than any usual scrape interval. */
const KEEP_ALIVE_MS = 75_000
const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]'])
/** prometheus_client's. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

interface Server {
  readonly pod: number
  readonly path: string
  readonly face: Face
  readonly target: Omit<FaceTarget, 'targets'>
}

/**
 * One HTTP server on loopback with a path per inference server: hundreds of ports more would only use up the machine's,
 * and `__metrics_path__` leads Prometheus and Floorwatch there alike.
 */
export async function startFaces(factory: Factory, served: ServedCounters): Promise<Faces> {
  const servers = serversOf(factory)
  const byPath = new Map(servers.map((server) => [server.path, server]))
  const viewOf = createViews(served, () => factory.now())

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
    if (!LOOPBACK_NAMES.has(host)) {
      send(response, 403, 'This server answers on loopback only.\n')
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      send(response, 405, 'Method Not Allowed\n')
      return
    }
    const server = byPath.get((request.url ?? '/').split('?', 1)[0] ?? '/')
    if (server === undefined) send(response, 404, 'There is no inference server under this path.\n')
    else send(response, 200, server.face.sheet().render(viewOf(server.pod)), CONTENT_TYPE)
  }

  const http = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, answer)
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen({ host: '127.0.0.1', port: 0 }, resolve)
  })
  const address = `127.0.0.1:${(http.address() as AddressInfo).port}`
  return {
    url: `http://${address}`,
    targets: servers.map(({ target }) => ({ ...target, targets: [address] })),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}

function serversOf({ placement, site }: Factory): Server[] {
  const faces = placement.deployments.map(({ spec }) => (spec.kind === 'serving' ? faceOf(spec) : null))
  const hostOf = (pod: Pod) => {
    const unit = pod.units[0] ?? -1
    const gpu = unit < site.gpuCount ? unit : (site.instances[unit - site.gpuCount]?.gpu ?? -1)
    return site.hosts[site.hostOf[gpu] ?? -1]?.name ?? ''
  }
  return placement.pods.flatMap((pod, i) => {
    const face = faces[pod.deployment] ?? null
    const spec = placement.deployments[pod.deployment]?.spec
    if (face === null || spec === undefined) return []
    const path = `/pods/${pod.namespace}/${pod.name}${face.path}`
    const labels = {
      job: 'inference',
      // Without it every server would be the same instance: they share an address.
      instance: `${pod.name}:8000`,
      namespace: pod.namespace,
      pod: pod.name,
      endpoint_name: spec.endpoint,
      node: hostOf(pod),
      __metrics_path__: path,
    }
    return [{ pod: i, path, face, target: { labels } }]
  })
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  type = 'text/plain; charset=utf-8',
): void {
  const body = Buffer.from(text)
  response.writeHead(status, {
    'content-type': type,
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}
