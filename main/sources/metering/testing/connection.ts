import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bearerAuth } from '../../../platform/auth.ts'
import { type Clock, systemClock } from '../../../platform/clock.ts'
import { createAgent } from '../../../platform/http/index.ts'
import { createLogger } from '../../../platform/logger.ts'
import { Secret } from '../../../platform/secret.ts'
import type { MeteringConnection, MeteringSettings } from '../connection.ts'

/** A server on loopback that answers as it is told. */
export interface TestServer {
  readonly url: string
  close(): Promise<void>
}

export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export interface TestConnection {
  readonly url: string
  readonly token?: string
  readonly deadlineMs?: number
  readonly clock?: Clock
  readonly kind?: MeteringSettings['kind']
  readonly settings?: Partial<Pick<MeteringSettings, 'litellm' | 'openmeter'>>
}

/** A connection with an agent of its own, as the engine would open it; pauses that are drawn are as long as can be. */
export function connectionTo(options: TestConnection): MeteringConnection {
  const { url, token = 'the-token-of-the-tests', deadlineMs = 5_000, clock = systemClock } = options
  const secret = new Secret('a test', () => token)
  return {
    options: {
      kind: options.kind ?? 'api',
      url,
      litellm: { metrics: null },
      openmeter: {
        tokens: 'tokens_total',
        requests: null,
        typeGroup: 'type',
        groups: { tenant: 'subject', model: 'model', endpoint: null, gpuType: null },
      },
      ...options.settings,
    },
    access: {
      agent: createAgent({ connections: 4 }),
      authorise: bearerAuth(() => secret.reveal()),
      headers: {},
      deadlineMs,
    },
    clock,
    logger: createLogger({ level: 'silent' }),
    random: () => 0.999,
  }
}
