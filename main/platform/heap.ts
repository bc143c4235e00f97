import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const LOOK_EVERY_MS = 250
/** Well below the 64 MB after which V8 marks the whole heap. */
const ENOUGH_BYTES = 12 * 1024 * 1024

/**
 * Frees the bytes of sockets and frames while they are young. They live outside the heap for a moment each, and V8,
 * which sees them pile up by 64 MB, marks the whole heap for them: with 2,048 exporters once a second, at more cost
 * than all the scraping. Collecting the young generation takes about a millisecond and frees them all, so it is done
 * whenever some have come together, and memory stays where it is.
 * @returns stops it
 */
export function freeYoungBytes(): () => void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('globalThis.gc')
  if (typeof collect !== 'function') return () => undefined
  let settled = getHeapStatistics().external_memory
  const timer = setInterval(() => {
    const now = getHeapStatistics().external_memory
    if (now - settled < ENOUGH_BYTES) {
      settled = Math.min(settled, now)
      return
    }
    collect({ type: 'minor' })
    settled = getHeapStatistics().external_memory
  }, LOOK_EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
