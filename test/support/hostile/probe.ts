/**
 * Loaded into the console with `--import`: once a second the longest time that its event loop was late, what its thread
 * computed in the longest turn, and its resident memory, one JSON line each, into the file that FLOORWATCH_PROBE names.
 */
import { appendFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface ProbeSample {
  /** Wall clock, ms. */
  readonly at: number
  readonly lateMs: number
  /** Of a turn's CPU time: what others on the machine take away is no part of it. */
  readonly busyMs: number
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
  let busyMs = 0
  let before = process.threadCpuUsage()
  setInterval(() => {
    const now = process.threadCpuUsage()
    busyMs = Math.max(busyMs, (now.user + now.system - before.user - before.system) / 1000)
    before = now
  }, RESOLUTION_MS).unref()
  setInterval(() => {
    const sample: ProbeSample = {
      at: Date.now(),
      lateMs: Math.max(0, delay.max / 1e6 - RESOLUTION_MS),
      busyMs,
      residentBytes: process.memoryUsage.rss(),
    }
    delay.reset()
    busyMs = 0
    appendFileSync(path, `${JSON.stringify(sample)}\n`)
  }, 1000).unref()
}
