import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type LaunchedDemo, launchDemo } from '../../../main/demo/launch.ts'
import { parseJson } from '../../../shared/metering/json.ts'
import { type Mutilation, type Mutilator, startMutilator } from '../../support/mutilator.ts'
import { requirement } from '../../support/peers.ts'
import { type RunningServer, startPrometheus } from '../../support/prometheus.ts'
import { type RunningConsole, startConsole } from './floorwatch.ts'

/** A console over a small demo factory: its metering through a server in between, its servers through Prometheus. */
export interface TokensFactory {
  readonly floorwatch: RunningConsole
  /** Null where none is installed: the servers are asked directly then. */
  readonly prometheus: RunningServer | null
  /** Asks the metering itself, past the console and past what lies in between. */
  ask(path: string): Promise<unknown>
  stop(): Promise<void>
}

export interface TokensFactoryOptions {
  readonly mutilation?: Mutilation
  /** Added to floorwatch.yaml. */
  readonly more?: string
}

export const SITE_ZONE = 'Europe/Berlin'

export async function startTokensFactory(options: TokensFactoryOptions = {}): Promise<TokensFactory> {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).toReversed()) await end()
  }
  try {
    return { ...(await start(options, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  { mutilation = {}, more = '' }: TokensFactoryOptions,
  stops: (() => Promise<unknown>)[],
): Promise<Omit<TokensFactory, 'stop'>> {
  const demo = await launchDemo({
    entry: join(import.meta.dirname, '../../../dist/main/demo.js'),
    args: ['--hosts', '8', '--faults', 'none', '--mig', '0', '--seed', '7', '--timezone', SITE_ZONE],
    deadlineMs: 20_000,
  })
  stops.push(() => demo.stop())
  const folder = dirname(demo.configPath)
  const own = readFileSync(demo.configPath, 'utf8')
  const metering = /^metering:\n {2}url: (\S+)$/m.exec(own)?.[1]
  if (metering === undefined) throw new Error(`The demo described no metering:\n${own.slice(0, 400)}`)
  const between: Mutilator = await startMutilator(metering, mutilation)
  stops.push(() => between.close())
  const prometheus = await prometheusOf(demo)
  if (prometheus !== null) stops.push(() => prometheus.stop())
  const config = join(folder, 'tokens.yaml')
  writeFileSync(
    config,
    [
      own.replace(`url: ${metering}`, `url: ${between.url}`),
      ...(prometheus === null ? [] : [`prometheus:\n  url: ${prometheus.url}\n  refresh: 2s`]),
      more,
    ].join('\n'),
  )
  const floorwatch = await startConsole(['--config', config])
  stops.push(() => floorwatch.stop())
  const token = readFileSync(join(folder, 'metering-token'), 'utf8').trim()
  return {
    floorwatch,
    prometheus,
    async ask(path) {
      const response = await fetch(metering + path, { headers: { authorization: `Bearer ${token}` } })
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
      return parseJson(await response.text())
    },
  }
}

/** Scrapes the boards and the inference servers of the demo, as a site's own would. */
async function prometheusOf(demo: LaunchedDemo): Promise<RunningServer | null> {
  if (!requirement('prometheus').present) return null
  const folder = dirname(demo.configPath)
  const config = join(folder, 'prometheus-e2e.yml')
  const job = (name: string, file: string) => ({
    job_name: name,
    honor_labels: true,
    file_sd_configs: [{ files: [join(folder, file)] }],
  })
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '2s', scrape_timeout: '2s' },
      scrape_configs: [job('dcgm', 'targets.json'), job('inference', 'inference-targets.json')],
    }),
  )
  const server = await startPrometheus({ config })
  await server.until('vllm:generation_tokens_total', 1, 30_000)
  return server
}
