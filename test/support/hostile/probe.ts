/**
 * Loaded into the console with `--import`: once a second the longest time that its event loop was late, and its resident
 * memory, one JSON line each, into the file that FLOORWATCH_PROBE names.
 */
import { appendFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface ProbeSample {
  /** Wall clock, ms. */
  readonly at: number
  readonly lateMs: number
  readonly residentBytes: number
}

/** The histogram's own timer; a turn of this length is no delay. */
const RESOLUTION_MS = 10

const file = process.env['FLOORWATCH_PROBE']
// Other processes of the console inherit the flag.
if (file !== undefined && process.argv.includes('serve')) watch(file)

function watch(path: string): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delay.enable()
  setInterval(() => {
    const sample: ProbeSample = {
      at: Date.now(),
      lateMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
      residentBytes: process.memoryUsage.rss(),
    }
    delay.reset()
    appendFileSync(path, `${JSON.stringify(sample)}\n`)
  }, 1000).unref()
}
