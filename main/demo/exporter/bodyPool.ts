/**
 * Buffers for answers on their way out. A response keeps its buffer until the kernel has taken it; then the next
 * response writes into the same memory, so that 2,048 exporters need only as many buffers as answers are in flight.
 */
export interface BodyPool {
  lease(bytes: number): Buffer
  release(buffer: Buffer): void
}

/** Buffers come in multiples of this, so that hosts of different size can share them. */
const GRAIN = 64 * 1024
/** More than this many idle buffers are left to the collector. */
const MAX_IDLE = 64

export function createBodyPool(): BodyPool {
  const idle: Buffer[] = []
  return {
    lease(bytes) {
      const fit = idle.findLastIndex((buffer) => buffer.length >= bytes)
      const [buffer] = fit < 0 ? [] : idle.splice(fit, 1)
      return buffer ?? Buffer.allocUnsafeSlow(Math.ceil(bytes / GRAIN) * GRAIN)
    },
    release(buffer) {
      if (idle.length < MAX_IDLE) idle.push(buffer)
    },
  }
}
