/**
 * `node test/soak/soak.ts [--for 2h] [--warm-up 30m]`: runs the demo with a screen attached and watches what the console
 * takes. Fails when its memory may grow by 1 MB an hour after warm-up, or leaves its level by more than 5 %.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startConsole } from '../e2e/support/floorwatch.ts'
import { durationOf } from '../support/duration.ts'
import { Screen } from '../support/screen.ts'
import { webSocketWire } from '../support/webSocketWire.ts'
import { judgeSoak, type SoakSample } from './sample.ts'

const { values } = parseArgs({
  options: { for: { type: 'string', default: '2h' }, 'warm-up': { type: 'string', default: '30m' } },
})
const lastsMs = durationOf(values.for)
const warmUpMs = durationOf(values['warm-up'])
const folder = mkdtempSync(join(tmpdir(), 'floorwatch-soak-'))
const file = join(folder, 'samples.jsonl')
process.env['FLOORWATCH_SOAK'] = file
process.env['NODE_OPTIONS'] = `--import=${join(import.meta.dirname, 'probe.ts')}`

const console_ = await startConsole(['--demo'])
try {
  console.log(`Watching process ${console_.pid} for ${values.for}; samples in ${file}`)
  const screen = new Screen(await webSocketWire(console_.attachUrl))
  // What the floor view keeps open.
  screen.watch('fleet.topology', {})
  screen.watch('fleet.findings', {})
  screen.watch('fleet.frame', { fields: ['smActive', 'power', 'gpuTemp', 'fbUsed', 'tensorActive'] })
  await new Promise((resolve) => setTimeout(resolve, lastsMs))
  screen.close()
} finally {
  await console_.stop()
}

const samples = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as SoakSample)
const verdict = judgeSoak(samples, warmUpMs / 3_600_000)
const megabytes = (bytes: number | undefined) => `${((bytes ?? Number.NaN) / 1e6).toFixed(1)} MB`
const last = samples.at(-1)
console.log(
  `${samples.length} samples; at the end heap ${megabytes(last?.heapBytes)}, outside it ${megabytes(last?.externalBytes)}, resident ${megabytes(last?.residentBytes)}`,
)
console.log(`heap ${verdict.heapSlope.toFixed(3)} MB/h, at most ${verdict.heapBound.toFixed(3)} (95 %)`)
console.log(
  `outside the heap ${verdict.externalSlope.toFixed(3)} MB/h, at most ${verdict.externalBound.toFixed(3)} (95 %)`,
)
console.log(`resident at the end ÷ after warm-up: ${(verdict.residentRatio * 100).toFixed(1)} %`)
for (const failure of verdict.failures) console.error(`FAILED: ${failure}`)
rmSync(folder, { recursive: true, force: true })
process.exit(verdict.failures.length === 0 ? 0 : 1)
