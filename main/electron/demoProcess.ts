import { utilityProcess } from 'electron'
import { z } from 'zod'

const readySchema = z.looseObject({ configPath: z.string().min(1) })
const READY_WITHIN_MS = 15_000

/**
 * Starts the demo factory in a utility process of its own and resolves with the path of its floorwatch.yaml.
 * `onExit` is called when it has ended, whatever the reason, so that a later wish for a demo starts another.
 * A packaged shell cannot run itself as plain Node (that fuse is off), so `child_process.fork` is not the way here.
 */
export function startDemoProcess(entry: string, onExit: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = utilityProcess.fork(entry, [], { serviceName: 'Floorwatch demo factory', stdio: 'inherit' })
    const deadline = setTimeout(() => {
      child.kill()
      reject(new Error(`the demo factory was not ready within ${READY_WITHIN_MS / 1000} s`))
    }, READY_WITHIN_MS)
    child.once('exit', (code) => {
      clearTimeout(deadline)
      onExit()
      reject(new Error(`the demo factory ended with code ${code} before it was ready`))
    })
    child.on('message', (message: unknown) => {
      const ready = readySchema.safeParse(message)
      if (!ready.success) return
      clearTimeout(deadline)
      resolve(ready.data.configPath)
    })
  })
}
