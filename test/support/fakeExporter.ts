import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One DCGM exporter on loopback that does as it is told, one host with a few GPUs. */
export interface FakeExporter {
  readonly port: number
  readonly host: string
  mode: 'ok' | 'hung' | 'error' | 'garbage' | 'frozen'
  scrapes(): number
  close(): Promise<void>
}

export interface FakeExporterOptions {
  readonly host: string
  readonly gpus?: number
  readonly modelName?: string
  /** Further label texts, e.g. hostile ones. */
  readonly labels?: Readonly<Record<string, string>>
  /** Added to the body as it is. */
  readonly extra?: string
}

export async function startFakeExporter(options: FakeExporterOptions): Promise<FakeExporter> {
  let scrapes = 0
  let energy = 1_000_000
  let last = ''
  const hung = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    scrapes += 1
    switch (exporter.mode) {
      case 'hung':
        hung.add(response)
        return
      case 'error':
        response.writeHead(500).end('boom')
        return
      case 'garbage':
        response.writeHead(200, { 'content-type': 'text/plain' }).end('<html>not metrics {{{')
        return
      case 'frozen':
        break
      case 'ok':
        energy += 1_500
        last = exposition(options, energy, scrapes)
    }
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(last)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const exporter: FakeExporter = {
    port: (server.address() as AddressInfo).port,
    host: options.host,
    mode: 'ok',
    scrapes: () => scrapes,
    close: () =>
      new Promise((resolve) => {
        for (const response of hung) response.destroy()
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return exporter
}

function exposition(options: FakeExporterOptions, energy: number, tick: number): string {
  const { host, gpus = 2, modelName = 'NVIDIA H100 80GB HBM3', labels = {}, extra = '' } = options
  const lines: string[] = []
  const metric = (name: string, type: string, help: string, value: (gpu: number) => number) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
    for (let gpu = 0; gpu < gpus; gpu++) {
      const pairs = {
        gpu: String(gpu),
        UUID: `GPU-${host}-${gpu}`,
        pci_bus_id: `00000000:0${gpu}:00.0`,
        device: `nvidia${gpu}`,
        modelName,
        Hostname: host,
        DCGM_FI_DRIVER_VERSION: '550.54.15',
        ...labels,
      }
      const text = Object.entries(pairs)
        .map(
          ([key, label]) => `${key}="${label.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`,
        )
        .join(',')
      lines.push(`${name}{${text}} ${value(gpu)}`)
    }
  }
  const wave = Math.sin(tick / 3)
  metric('DCGM_FI_DEV_GPU_TEMP', 'gauge', 'GPU temperature (in C).', (gpu) => 55 + gpu)
  metric('DCGM_FI_DEV_POWER_USAGE', 'gauge', 'Power draw (in W).', (gpu) => 400 + 20 * wave + gpu)
  metric('DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'gauge', 'Ratio of time active.', () => 0.7 + 0.1 * wave)
  metric('DCGM_FI_DEV_GPU_UTIL', 'gauge', 'GPU utilization (in %).', () => 90)
  metric('DCGM_FI_DEV_FB_USED', 'gauge', 'Framebuffer used (in MiB).', () => 61_000)
  metric('DCGM_FI_DEV_FB_FREE', 'gauge', 'Framebuffer free (in MiB).', () => 20_000)
  metric('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'counter', 'Energy since boot (in mJ).', () => energy)
  return `${lines.join('\n')}\n${extra}`
}
