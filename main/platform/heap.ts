import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const LOOK_EVERY_MS = 250
/** Well below the 64 MB after which V8 marks the whole heap. */
const ENOUGH_BYTES = 12 * 1024 * 1024
/** How much the old generation grows before it is collected; V8 would let it double or more. */
const GROWTH_PERCENT = 40
/** Both halves of the young generation. V8 would take 128 MB after a busy start and never give them back. */
const MOST_YOUNG_BYTES = 32 * 1024 * 1024

/**
 * Keeps a process that runs for months small: bounds the young generation and the room of the old one, and collects the
 * young one before the bytes outside it pile up.
 * @returns stops it
 */
export function keepHeapSmall(): () => void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`)
  const timer = setInterval(boundYoungGeneration, LOOK_EVERY_MS)
  timer.unref()
  const stopFreeing = freeYoungBytes()
  return () => {
    clearInterval(timer)
    stopFreeing()
  }
}

/** Its size is settled when V8 starts, which is before this program has a say, but not whether it grows. */
function boundYoungGeneration(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  const full = (young?.space_size ?? 0) >= MOST_YOUNG_BYTES
  setFlagsFromString(`--semi-space-growth-factor=${full ? 1 : 2}`)
}

/**
 * Frees the bytes of sockets and frames while they are young. They live outside the heap for a moment each, and V8,
 * which sees them pile up by 64 MB, marks the whole heap for them: with 2,048 exporters once a second, at more cost
 * than all the scraping. Collecting the young generation takes about a millisecond and frees them all, so it is done
 * whenever some have come together, and memory stays where it is.
 */
function freeYoungBytes(): () => void {
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
