import { constants } from 'node:os'
import process from 'node:process'

/**
 * Waits for a child that has this terminal, passes signals on to it, and gives its exit code as a shell would.
 * Ctrl-C reaches the child by itself, because it is in the terminal's foreground group; then this process only waits.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
export function endWith(child) {
  return new Promise((resolve) => {
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => void child.kill(signal)
    process.on('SIGINT', process.stdin.isTTY ? waitForChild : pass)
    process.on('SIGTERM', pass)
    process.on('SIGHUP', pass)
    child.once('error', (error) => {
      process.stderr.write(`Floorwatch could not start ${child.spawnfile}: ${error.message}\n`)
      resolve(1)
    })
    child.once('exit', (code, signal) => {
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal])
    })
  })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} its exit code; 1 where a signal ended it or it never began
 */
export function exitCodeOf(child) {
  return new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

function waitForChild() {
  // The child got the same signal and decides how it ends.
}
