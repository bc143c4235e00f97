/**
 * `npm run bench [-- NAME …]`: measures Floorwatch beside its peers, one bench after another, and prints the tables.
 * `npm run bench -- --write` keeps them in docs/benchmarks.md.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PeerName, requirement } from '../support/peers.ts'
import { benchCause } from './cause.ts'
import { benchFleet } from './fleet.ts'
import { benchHeatmap } from './heatmap.ts'
import { benchHostile } from './hostile.ts'
import { type Outcome, pageOf, surroundingsHere, tally } from './page.ts'
import { benchParser } from './parser.ts'
import { benchPrometheusBytes } from './prometheusBytes.ts'
import { type BenchResult, formatResult } from './result.ts'
import { benchStart } from './start.ts'
import { benchTenants } from './tenants.ts'
import { benchTokens } from './tokens.ts'

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
  { name: 'tokens', needs: [], run: benchTokens },
  { name: 'tenants', needs: ['chromium'], run: benchTenants },
  { name: 'start', needs: [], run: benchStart },
  { name: 'cause', needs: [], run: async () => benchCause() },
  { name: 'hostile', needs: [], run: () => benchHostile() },
]
const ROOT = join(import.meta.dirname, '../..')

const words = process.argv.slice(2)
const write = words.includes('--write')
const names = words.filter((word) => word !== '--write')
const refusal = whyNot()
if (refusal !== null) {
  console.error(refusal)
  process.exit(2)
}

// Before anything is measured: a start that has to build first is another figure.
const builder = join(ROOT, 'main', 'launch', 'build.mjs')
const built = spawnSync(process.execPath, [builder, '--if-stale'], { stdio: 'inherit' })
if (built.status !== 0) process.exit(1)

const surroundings = surroundingsHere()
for (const line of surroundings) console.log(line)
console.log()
const outcomes: Outcome[] = []
let failed = 0
for (const bench of BENCHES.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const outcome = await outcomeOf(bench)
  outcomes.push(outcome)
  console.log('result' in outcome ? formatResult(outcome.result) : `${bench.name}: ${outcome.skipped}\n`)
}
console.log(tally(outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []))))
if (write && failed === 0) writeFileSync(join(ROOT, 'docs', 'benchmarks.md'), pageOf(outcomes, surroundings))
// Undici and Chromium keep sockets for a while; everything that was started has been stopped.
process.exit(failed === 0 ? 0 : 1)

function whyNot(): string | null {
  const known = BENCHES.map(({ name }) => name)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) return `No bench ${unknown.join(', ')}; there are ${known.join(', ')}, and --write.`
  if (write && names.length > 0) return '--write keeps all tables, so it takes no names.'
  return null
}

/** One bench that fails keeps none of the others from being measured. */
async function outcomeOf({ name, needs, run }: Bench): Promise<Outcome> {
  const missing = needs.map(requirement).find(({ present }) => !present)
  if (missing) return { name, skipped: `skipped, ${missing.reason}` }
  try {
    return { name, result: await run() }
  } catch (error) {
    failed += 1
    return { name, skipped: `failed, ${error instanceof Error ? error.message : String(error)}` }
  }
}
