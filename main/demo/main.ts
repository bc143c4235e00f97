import { fstatSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { FaultError } from './faults/catalogue.ts'
import { parseDemoArguments, UsageError, USAGE } from './options.ts'
import { startDemo, type Demo } from './process.ts'

/**
 * Entry of the demo factory's process. Prints one JSON line `{configPath, control, targets}` when it is ready and sends
 * the same to a parent that listens; ends when that parent goes away, or on a signal, and leaves no files behind.
 */

/** Electron's utility process has its port on `process`; the demo needs nothing else of Electron. */
const electronPort = (process as { parentPort?: { postMessage(message: unknown): void } }).parentPort

function announce(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
  process.send?.(message)
  // Ports between processes have no origin that could be named.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  for (const port of [parentPort, electronPort]) port?.postMessage(message)
}

/** A parent that talks over IPC ends its children by hanging up; one that holds our input by closing it. */
function onOrphaned(end: () => void): void {
  if (process.send !== undefined) {
    process.once('disconnect', end)
    return
  }
  if (parentPort !== null || electronPort !== undefined) return
  const input = fstatSync(0, { throwIfNoEntry: false })
  if (input === undefined || !(input.isFIFO() || input.isSocket())) return
  process.stdin.once('end', end).once('error', end).resume()
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    process.stdout.write(USAGE)
    return
  }
  let demo: Demo | null = null
  let ending = false
  const end = () => {
    if (ending) return
    ending = true
    // Before it is ready there is nothing to tidy; main() looks again.
    if (demo !== null) void demo.close().finally(() => process.exit(0))
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, end)
  process.stdout.on('error', () => {})
  onOrphaned(end)

  demo = await startDemo(parseDemoArguments(process.argv.slice(2)), Date.now())
  if (ending) {
    await demo.close()
    process.exit(0)
  }
  const { configPath, control, targets } = demo
  announce({ configPath, control, targets })
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error)
  const usage = error instanceof UsageError || error instanceof FaultError
  process.stderr.write(`demo: ${text}\n${usage ? USAGE : ''}`)
  process.exitCode = usage ? 2 : 1
  if (process.connected) process.disconnect()
})
