import type { Wire } from '../../shared/contract/wire.ts'
import type { Engine, ScreenOrigin } from '../engine/types.ts'

type Role = 'console' | 'wall'

/**
 * Takes screens while the engine is still being started, so that the host listens at once. Screens speak only after
 * the engine's `hello`, so nothing is lost while they wait.
 */
export interface LateEngine extends Pick<Engine, 'attach'> {
  /** From now on screens go to `engine`; those that waited go first. */
  use(engine: Pick<Engine, 'attach'>): void
}

export function lateEngine(): LateEngine {
  const waiting = new Map<Wire, { role: Role; origin: ScreenOrigin | undefined }>()
  let engine: Pick<Engine, 'attach'> | null = null
  return {
    attach(wire, role, origin) {
      if (engine !== null) return engine.attach(wire, role, origin)
      waiting.set(wire, { role, origin })
      wire.onClose(() => waiting.delete(wire))
    },
    use(started) {
      engine = started
      for (const [wire, { role, origin }] of waiting) started.attach(wire, role, origin)
      waiting.clear()
    },
  }
}
