import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { requirement } from './peers.ts'

export interface PrometheusOptions {
  /** Path of a whole configuration; then nothing else counts but `routePrefix`. */
  readonly config?: string
  /** Static targets, `host:port`. */
  readonly targets?: readonly string[]
  /** Path of a file_sd file or pattern, absolute; beside or instead of `targets`. */
  readonly fileSd?: string
  /** A Prometheus duration such as `1s`; `5s` where none is given. */
  readonly scrapeInterval?: string
  /** Whether the exporter's labels win over the target's (`pod` stays `pod`). */
  readonly honorLabels?: boolean
  /** Name of the one scrape job, `dcgm` where none is given. */
  readonly job?: string
  /** Samples of the past, as OpenMetrics with times: they are there at once. Needs promtool. */
  readonly openMetrics?: string
  /** A path prefix to serve under, such as `/prometheus`. */
  readonly routePrefix?: string
}

export interface RunningServer {
  /** Base address of its API, without a trailing slash. */
  readonly url: string
  readonly pid: number
  /** Resolves once an instant query brings at least `atLeast` series; the first scrape takes Prometheus about 6 s. */
  until(promql: string, atLeast: number, timeoutMs?: number): Promise<void>
  /** Kills it at once and keeps the port free, as a crash would. */
  kill(): Promise<void>
  /** Ends it, by its own pid, and removes its folder. May be called twice. */
  stop(): Promise<void>
}

/**
 * Starts a real Prometheus on a free loopback port and waits until it is ready. Ask
 * `requirement('prometheus').present` first.
 */
export async function startPrometheus(options: PrometheusOptions): Promise<RunningServer> {
  const { present, path, reason } = requirement('prometheus')
  if (!present) throw new Error(reason)
  const folder = await mkdtemp(join(tmpdir(), 'floorwatch-prometheus-'))
  const config = options.config ?? join(folder, 'prometheus.yml')
  if (options.config === undefined) await writeFile(config, configuration(options))
  if (options.openMetrics !== undefined) await importSamples(options.openMetrics, folder)
  const prefix = options.routePrefix ?? ''
  return await startServer({
    folder,
    path,
    prefix,
    readyPath: `${prefix}/-/ready`,
    arguments: (port) => [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      `--storage.tsdb.retention.time=${options.openMetrics === undefined ? '2h' : '60d'}`,
      '--log.level=warn',
      ...(prefix === '' ? [] : [`--web.route-prefix=${prefix}`]),
    ],
  })
}

async function importSamples(openMetrics: string, folder: string): Promise<void> {
  const { present, path, reason } = requirement('promtool')
  if (!present) throw new Error(reason)
  const file = join(folder, 'samples.om')
  await writeFile(file, openMetrics)
  await promisify(execFile)(path, [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--quiet',
    file,
    join(folder, 'data'),
  ])
}

/** Prometheus reads JSON where it expects YAML, and JSON needs no escaping rules of our own. */
function configuration(options: PrometheusOptions): string {
  const interval = options.scrapeInterval ?? '5s'
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval },
    scrape_configs: [
      {
        job_name: options.job ?? 'dcgm',
        honor_labels: options.honorLabels ?? false,
        static_configs: options.targets === undefined ? [] : [{ targets: options.targets }],
        file_sd_configs:
          options.fileSd === undefined ? [] : [{ files: [options.fileSd], refresh_interval: '1s' }],
      },
    ],
  })
}

/** Starts a real VictoriaMetrics that scrapes the same way. Ask `requirement('victoriaMetrics').present` first. */
export async function startVictoriaMetrics(options: PrometheusOptions): Promise<RunningServer> {
  const { present, path, reason } = requirement('victoriaMetrics')
  if (!present) throw new Error(reason)
  const folder = await mkdtemp(join(tmpdir(), 'floorwatch-victoria-'))
  const config = join(folder, 'scrape.yml')
  await writeFile(config, configuration(options))
  return await startServer({
    folder,
    path,
    prefix: '',
    readyPath: '/health',
    arguments: (port) => [
      `-promscrape.config=${config}`,
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-search.latencyOffset=1s',
      '-loggerLevel=ERROR',
    ],
  })
}

interface ServerRecipe {
  readonly folder: string
  readonly path: string
  readonly prefix: string
  readonly readyPath: string
  readonly arguments: (port: number) => string[]
}

async function startServer(recipe: ServerRecipe): Promise<RunningServer> {
  // Another process may take the port between finding it free and listening on it; then the server exits at once.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const output: string[] = []
    const child = spawn(recipe.path, recipe.arguments(port), { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output.push(text)
        if (output.length > 200) output.shift()
      })
    }
    const origin = `http://127.0.0.1:${port}`
    if (await becomesReady(child, origin + recipe.readyPath)) {
      return running(child, origin + recipe.prefix, recipe.folder)
    }
    await end(child, 'SIGKILL')
    if (attempt === 3) {
      await rm(recipe.folder, { recursive: true, force: true })
      throw new Error(`${recipe.path} did not become ready at ${origin}:\n${output.join('')}`)
    }
  }
}

function running(child: ChildProcess, url: string, folder: string): RunningServer {
  return {
    url,
    pid: child.pid as number,
    until: (promql, atLeast, timeoutMs = 30_000) => untilSeries(url, promql, atLeast, timeoutMs),
    kill: () => end(child, 'SIGKILL'),
    async stop() {
      await end(child, 'SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function becomesReady(child: ChildProcess, url: string): Promise<boolean> {
  const until = Date.now() + 20_000
  while (Date.now() < until && child.exitCode === null && child.signalCode === null) {
    const ready = await fetch(url, { signal: AbortSignal.timeout(2000) }).then(
      (response) => response.ok,
      () => false,
    )
    if (ready) return true
    await sleep(50)
  }
  return false
}

async function untilSeries(url: string, promql: string, atLeast: number, timeoutMs: number): Promise<void> {
  const until = Date.now() + timeoutMs
  let seen = 0
  while (Date.now() < until) {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`)
    const answer = (await response.json()) as { data?: { result?: unknown[] } }
    seen = answer.data?.result?.length ?? 0
    if (seen >= atLeast) return
    await sleep(200)
  }
  throw new Error(`${promql} brought ${seen} of ${atLeast} series within ${timeoutMs} ms from ${url}`)
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
  await exited
  clearTimeout(timer)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
