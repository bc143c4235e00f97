import workerThreads from 'node:worker_threads'
import zlib from 'node:zlib'

/** The oldest Node that the engine was seen to run on with its gaps filled: that of Electron 33. */
const OLDEST = [20, 18] as const

/** Why the engine cannot run on this Node; null where it can. */
export function whyTooOld(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return null
  return `This Electron carries Node ${version}, and the engine needs ${OLDEST.join('.')} or newer. Install a newer Electron.`
}

/**
 * Fills what a Node before 22.15 lacks and the HTTP client names while it is loaded; on a newer one nothing changes.
 * Neither is called then: answers in zstd are never asked for, and nothing of the client is cloned to another thread.
 * History in half precision becomes single precision: the same figures in twice the memory.
 */
export function fillGaps(): void {
  fill(globalThis, 'Float16Array', Float32Array)
  fill(workerThreads, 'markAsUncloneable', () => undefined)
  fill(zlib, 'createZstdDecompress', () => {
    throw new Error('This Node cannot read zstd.')
  })
}

function fill(target: object, name: string, value: unknown): void {
  if (name in target) return
  Object.defineProperty(target, name, { value, writable: true, configurable: true })
}
