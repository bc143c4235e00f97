/**
 * `npm run test:long [-- --fuzz 10m --soak 2h --warm-up 30m --seed N]`: what takes too long for every change. Sources that
 * lie, with a new seed each time, an engine that is killed while it lays throttles, and a soak of the demo that measures whether memory is flat. `0s` leaves one out.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { durationOf } from '../support/duration.ts'

const { values } = parseArgs({
  options: {
    fuzz: { type: 'string', default: '10m' },
    soak: { type: 'string', default: '2h' },
    'warm-up': { type: 'string', default: '30m' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
  },
})
const ROOT = join(import.meta.dirname, '../..')
const npm = process.env['npm_execpath']
if (npm === undefined) {
  console.error('Run it with `npm run test:long`: it brings the Node that Floorwatch is built for.')
  process.exit(1)
}

// Exporters, servers and a metering get one half of the time, a Prometheus the other.
const fuzzSeconds = Math.round(durationOf(values.fuzz) / 2000)
const soaks = durationOf(values.soak) > 0
let failed = run([join(ROOT, 'main/launch/build.mjs'), '--if-stale']) !== 0
if (!failed && fuzzSeconds > 0) {
  console.log(`Sources that lie, ${values.fuzz}, seed ${values.seed}`)
  const environment = { FLOORWATCH_FUZZ_SECONDS: String(fuzzSeconds), FLOORWATCH_FUZZ_SEED: values.seed }
  failed = run([npm, 'exec', '--', 'vitest', 'run', 'test/fuzz'], environment) !== 0
}
if (!failed) {
  console.log('An engine that is killed at every step of a throttle, 50 times each')
  const environment = { FLOORWATCH_CRASHES: '50' }
  failed =
    run([npm, 'exec', '--', 'vitest', 'run', 'test/integration/throttleCrash.test.ts'], environment) !== 0
}
if (!failed) {
  console.log('Engines killed a thousand times while they write')
  const killed = [npm, 'exec', '--', 'vitest', 'run', 'test/integration/storeKilled.test.ts']
  failed = run(killed, { FLOORWATCH_KILLS: '1000' }) !== 0
}
if (soaks) {
  const soak = [join(ROOT, 'test/soak/soak.ts'), '--for', values.soak, '--warm-up', values['warm-up']]
  failed = run(soak) !== 0 || failed
}
process.exit(failed ? 1 : 0)

function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): number {
  const env = { ...process.env, ...environment }
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1
}
