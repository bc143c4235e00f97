import { z } from 'zod'
import { leanEnvironment } from '../platform/leanEnvironment.ts'
import type { Fork } from './childProcess.ts'

const readySchema = z.looseObject({ configPath: z.string().min(1) })
const READY_WITHIN_MS = 15_000
/** How long a demo may take to close its ports and remove its files, before it is left to the system. */
const END_WITHIN_MS = 3000

export interface DemoProcess {
  /** Path of the floorwatch.yaml that describes the demo; rejects when it ended before or took too long. */
  readonly ready: Promise<string>
  /** Tells when it has ended, whatever the reason. */
  onEnded(listener: () => void): void
  /** Ends it and waits until it has removed its files, within reason. */
  stop(): Promise<void>
}

/** Starts the demo factory in a process of its own. */
export function startDemoProcess(fork: Fork, entry: string): DemoProcess {
  const child = fork(entry, 'Floorwatch demo factory', leanEnvironment())
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()))
  const ready = new Promise<string>((resolve, reject) => {
    const deadline = setTimeout(() => {
      child.kill()
      reject(new Error(`The demo factory was not ready within ${READY_WITHIN_MS / 1000} s.`))
    }, READY_WITHIN_MS)
    child.once('exit', (code) => {
      clearTimeout(deadline)
      reject(new Error(`The demo factory ended with code ${code} before it was ready.`))
    })
    child.on('message', (message) => {
      const announced = readySchema.safeParse(message)
      if (!announced.success) return
      clearTimeout(deadline)
      resolve(announced.data.configPath)
    })
  })
  // Stopped before it was ready and not awaited: no unhandled rejection.
  ready.catch(() => undefined)
  return {
    ready,
    onEnded: (listener) => void child.once('exit', () => listener()),
    async stop() {
      child.kill()
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, END_WITHIN_MS)
      })
      await Promise.race([ended, late])
      clearTimeout(timer)
    },
  }
}
