import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { leanEnvironment } from '../platform/leanEnvironment.ts'
import { findParts } from './surroundings.ts'

/**
 * The demo factory in the foreground: its own process with this terminal, so that what it prints and how it ends is
 * its own. Ctrl-C reaches it by itself; other signals are passed on.
 */
export function demo(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [findParts().demoEntry, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: leanEnvironment(),
    })
    const pass = (signal: NodeJS.Signals) => void child.kill(signal)
    process.on('SIGINT', process.stdin.isTTY ? () => undefined : pass)
    process.on('SIGTERM', pass)
    process.on('SIGHUP', pass)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
    })
  })
}
