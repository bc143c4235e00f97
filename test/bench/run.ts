/**
 * `npm run bench [-- NAME …] [-- --write]`: measures Floorwatch beside its peers and prints the tables;
 * `--write` keeps them in docs/benchmarks.md.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { type PeerName, requirement } from '../support/peers.ts'
import { benchFleet } from './fleet.ts'
import { benchHeatmap } from './heatmap.ts'
import { benchParser } from './parser.ts'
import { benchPrometheusBytes } from './prometheusBytes.ts'
import { type BenchResult, formatResult, markdownOf } from './result.ts'
import { benchStart } from './start.ts'

interface Bench {
  readonly name: string
  readonly needs: readonly PeerName[]
  readonly run: () => Promise<BenchResult>
}

const BENCHES: readonly Bench[] = [
  { name: 'parser', needs: [], run: benchParser },
  { name: 'fleet', needs: ['prometheus'], run: benchFleet },
  { name: 'prometheus', needs: ['prometheus'], run: benchPrometheusBytes },
  { name: 'heatmap', needs: ['chromium'], run: benchHeatmap },
  { name: 'start', needs: [], run: benchStart },
]
const ROOT = join(import.meta.dirname, '../..')

const words = process.argv.slice(2)
const write = words.includes('--write')
const names = words.filter((word) => !word.startsWith('--'))
const unknown = names.filter((name) => BENCHES.every((bench) => bench.name !== name))
if (unknown.length > 0) {
  console.error(`No bench ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}.`)
  process.exit(2)
}
if (!existsSync(join(ROOT, 'dist', 'main', 'cli.js'))) {
  console.error('Build first: npm run build')
  process.exit(2)
}

const results: BenchResult[] = []
for (const bench of BENCHES.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const missing = bench.needs.map(requirement).find(({ present }) => !present)
  if (missing) {
    console.log(`${bench.name}: skipped, ${missing.reason}\n`)
    continue
  }
  const result = await bench.run()
  results.push(result)
  console.log(formatResult(result))
}
if (write) writeFileSync(join(ROOT, 'docs', 'benchmarks.md'), page(results))
// Undici and Chromium keep sockets for a while; everything that was started has been stopped.
process.exit(0)

function page(all: readonly BenchResult[]): string {
  return [
    '# Benchmarks',
    '',
    'Printed by `npm run bench` and kept by `npm run bench -- --write`. Peers are measured in the same run on the same machine; read the ratios, not the',
    'absolute figures. Nothing here is a test: a slow machine fails nobody.',
    '',
    ...machine().map((line) => `- ${line}`),
    '',
    ...all.map(markdownOf),
  ].join('\n')
}

function machine(): string[] {
  const [cpu] = cpus()
  const version = (peer: PeerName) => {
    const { present, path } = requirement(peer)
    if (!present) return 'not here'
    const { stdout, stderr } = spawnSync(path, ['--version'], { encoding: 'utf8' })
    return (
      `${stdout}${stderr}`
        .split('\n')[0]
        ?.replace(/ \(.*$/, '')
        .trim() ?? ''
    )
  }
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release().split('-')[0]}`,
    `Node ${process.version}, ${version('chromium')}, ${version('prometheus')}`,
  ]
}
