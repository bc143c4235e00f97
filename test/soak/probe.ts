/**
 * Loaded into the console with `--import`: writes what the process takes after a forced collection, one JSON line at a
 * time, into the file that FLOORWATCH_SOAK names. On SIGUSR2 a heap snapshot beside it.
 */
import { appendFileSync } from 'node:fs'
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { SoakSample } from './sample.ts'

const file = process.env['FLOORWATCH_SOAK']
// Other processes of the console inherit the flag.
if (file !== undefined && process.argv.includes('serve')) watch(file)

function watch(path: string): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const everyMs = Number(process.env['FLOORWATCH_SOAK_EVERY_MS'] ?? 30_000)
  setInterval(() => {
    // Before the collection: what the machine sees.
    const residentBytes = process.memoryUsage.rss()
    // The second frees what finalisers of the first let go.
    collect()
    collect()
    const { heapUsed, external } = process.memoryUsage()
    const sample: SoakSample = {
      hours: performance.now() / 3_600_000,
      heapBytes: heapUsed,
      externalBytes: external,
      residentBytes,
    }
    appendFileSync(path, `${JSON.stringify(sample)}\n`)
  }, everyMs).unref()
  process.on('SIGUSR2', () => writeHeapSnapshot(`${path}.${Date.now()}.heapsnapshot`))
}
