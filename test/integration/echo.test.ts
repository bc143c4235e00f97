import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../main/config/load.ts'
import type { SourceHealth } from '../../shared/model/source.ts'
import { watchEngine } from '../support/watchedEngine.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

type Answer = (request: IncomingMessage, response: ServerResponse) => void

async function serve(answer: Answer): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const TOKEN = 'sk-canary-7f2b9c41d0'
const PASSWORD = 'canary-pw/4711+x"y'
const env = { TOKEN, PASSWORD }

/** Every way that a server might repeat the header that it refuses. */
const ECHOES: readonly [string, (header: string) => string][] = [
  ['as it is', (header) => header],
  ['in base64', (header) => Buffer.from(header).toString('base64')],
  ['in base64 for addresses', (header) => Buffer.from(`authorization: ${header}`).toString('base64url')],
  ['in hexadecimal', (header) => Buffer.from(header).toString('hex')],
  ['percent-encoded', (header) => encodeURIComponent(header)],
  [
    'letter by letter',
    (header) =>
      header
        .split('')
        .map((c) => `\\u00${Buffer.from(c).toString('hex')}`)
        .join(''),
  ],
]

/** What must not be read anywhere: the secrets, and what they are in the encodings above. */
function tracesOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [secret, bytes.toString('hex'), bytes.toString('base64').slice(4, 20), encodeURIComponent(secret)]
}

describe.each(ECHOES)('a source that repeats its header %s', (_, disguise) => {
  it('is shown and logged without the secret', async () => {
    const echo: Answer = (request, response) => {
      const header = disguise(request.headers.authorization ?? '')
      if (request.url?.startsWith('/api') === true) {
        response.writeHead(401, { 'content-type': 'application/json' })
        // As JSON would be written by hand, so that escapes in the disguise stay escapes.
        response.end(`{"status":"error","errorType":"bad_data","error":"cannot use ${header}"}`)
      } else response.writeHead(302, { location: `/login/${header}?back=${header}` }).end()
    }
    const [prometheus, exporter] = [await serve(echo), await serve(echo)]
    const logged: string[] = []
    const { screen, close } = watchEngine(
      readConfig(
        `version: 1
site: { name: Test hall, timezone: UTC }
prometheus: { url: "${prometheus}", bearer: { env: TOKEN }, refresh: 1s }
exporters: { static: ["${exporter}"], basic: { username: noc, password: { env: PASSWORD } }, interval: 1s }
`,
        'floorwatch.yaml',
        { env },
      ),
      { log: (line) => void logged.push(line) },
    )
    cleanups.push(close)
    const failing = ({ sources }: { sources: readonly Pick<SourceHealth, 'error'>[] }) =>
      sources.filter(({ error }) => error !== null).length >= 2
    const health = await screen.watch('sources.health', {}).until('both fail', failing)
    const findings = await screen.watch('fleet.findings', {}).until('any', () => true)
    const shown = JSON.stringify([health, findings]) + logged.join('')
    const pair = Buffer.from(`noc:${PASSWORD}`).toString('base64')
    for (const trace of [...tracesOf(TOKEN), ...tracesOf(PASSWORD), ...tracesOf(pair)]) {
      expect(shown).not.toContain(trace)
    }
    expect(JSON.stringify(health)).toContain('[hidden]')
  })
})
