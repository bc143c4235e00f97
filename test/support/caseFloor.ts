import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../../main/config/load.ts'
import type { Clock } from '../../main/platform/clock.ts'
import { startPrometheus } from './prometheus.ts'
import type { Screen } from './screen.ts'
import { watchEngine } from './watchedEngine.ts'

/** Exporters on loopback that say a text each, and the floor that a real engine makes of them. */
export interface CaseFloor {
  readonly screen: Screen
  /** `host:port` of each exporter. */
  readonly targets: readonly string[]
  /** From now on the exporter at `place` says this. */
  say(place: number, text: string): void
  close(): Promise<void>
}

export interface CaseFloorOptions {
  readonly texts: readonly string[]
  /** Straight from the exporters, or through a real Prometheus that scrapes them every second. */
  readonly way: 'direct' | 'prometheus'
  /** Of the exposition's answers; the text format where none is given. */
  readonly contentType?: string
  /** Of that Prometheus: the exporters' own labels win over the target's, as behind a gateway or federation. */
  readonly honorLabels?: boolean
  /** Further YAML of the configuration, whole sections. */
  readonly config?: string
  /** Of the engine; the system's where none is given. */
  readonly clock?: Clock
  /** PromQL that has to bring this many series before the engine starts. */
  readonly until?: readonly [promql: string, atLeast: number]
}

export async function startCaseFloor(options: CaseFloorOptions): Promise<CaseFloor> {
  const { way, contentType = 'text/plain; version=0.0.4', config: more = '' } = options
  const texts = [...options.texts]
  const closers: (() => Promise<unknown>)[] = []
  const targets: string[] = []
  for (const place of texts.keys()) {
    let answers = 0
    const server = createServer((_, response) => {
      const text = moving(texts[place] ?? '', ++answers)
      response.writeHead(200, { 'content-type': contentType }).end(text)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    targets.push(`127.0.0.1:${(server.address() as AddressInfo).port}`)
    closers.push(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
  }
  let source = `exporters: { static: [${targets.map((each) => `"${each}"`).join(', ')}], interval: 1s, timeout: 900ms }`
  if (way === 'prometheus') {
    const server = await startPrometheus({
      targets,
      scrapeInterval: '1s',
      honorLabels: options.honorLabels ?? false,
    })
    closers.push(() => server.stop())
    if (options.until) await server.until(...options.until)
    source = `prometheus: { url: "${server.url}", refresh: 1s, slowEvery: 2, identityEvery: 5s, timeout: 2s }`
  }
  const config = readConfig(
    `version: 1
site: { name: Case, timezone: UTC }
${source}
freshness: { staleAfter: 10s, freezeAfter: 300s }
${more}
`,
    'floorwatch.yaml',
  )
  const { screen, close } = watchEngine(config, options.clock === undefined ? {} : { clock: options.clock })
  closers.push(close)
  return {
    screen,
    targets,
    say(place, text) {
      texts[place] = text
    },
    async close() {
      for (const each of closers.splice(0).toReversed()) await each()
    },
  }
}

/** The power of every board moves by milliwatts, as on any living one: an exporter that stands still is another case. */
function moving(text: string, answer: number): string {
  return text.replace(
    /^(DCGM_FI_DEV_POWER_USAGE\{.*\}) (\d+(?:\.\d+)?)$/gm,
    (_, series: string, watts: string) => `${series} ${(Number(watts) + (answer % 10) / 1000).toFixed(3)}`,
  )
}
