/** Memory for answers on their way in, used again for the next one, so that no scrape leaves garbage behind. */
export interface BodyBuffers {
  lease(bytes: number): Buffer
  release(buffer: Buffer): void
}

/** Sizes are powers of two from here, so that exporters of different size can share. */
const SMALLEST = 16 * 1024
/** An idle buffer of more bytes is left to the collector: one enormous answer must not stay in memory. */
const LARGEST_KEPT = 4 * 1024 * 1024
const MOST_KEPT_BYTES = 4 * 1024 * 1024

export function createBodyBuffers(): BodyBuffers {
  const idle: Buffer[] = []
  let idleBytes = 0
  return {
    lease(bytes) {
      const fit = idle.findLastIndex((buffer) => buffer.length >= bytes)
      const [buffer] = fit === -1 ? [] : idle.splice(fit, 1)
      if (buffer === undefined) {
        let size = SMALLEST
        while (size < bytes) size *= 2
        return Buffer.allocUnsafeSlow(size)
      }
      idleBytes -= buffer.length
      return buffer
    },
    release(buffer) {
      if (buffer.length > LARGEST_KEPT || idleBytes + buffer.length > MOST_KEPT_BYTES) return
      idle.push(buffer)
      idleBytes += buffer.length
    },
  }
}

/** For answers that are kept: each has memory of its own, and nothing of it is used again. */
export const keptBuffers: BodyBuffers = {
  lease: (bytes) => Buffer.allocUnsafeSlow(bytes),
  release: () => {},
}
