import { backoffDelay } from '../platform/backoff.ts'

/** As much of a child process as a supervisor needs: Electron's utilityProcess, or a stand-in in a test. */
export interface Child {
  onExit(listener: (code: number) => void): void
  kill(): void
}

export interface SupervisorOptions<C extends Child> {
  /** Starts one child and wires it up. May throw: that counts as a start that failed. */
  readonly start: () => C
  /** A child ended, or could not be started; the next start comes after `delayMs`. */
  readonly onLost: (lost: { reason: string; failures: number; delayMs: number }) => void
  readonly now: () => number
  readonly random: () => number
}

/** A child that lived this long was healthy: its end resets the count of failures. */
const HEALTHY_AFTER_MS = 60_000
const RESTART = { baseMs: 500, ceilingMs: 30_000, floorMs: 250 } as const

export interface Supervisor<C extends Child> {
  /** The running child; null while it is down. */
  child(): C | null
  /** Ends the child and starts no other. */
  stop(): void
}

/**
 * Keeps one child running: restarts it after every exit with a capped back-off, so that a child that dies at once does
 * not take the machine with it. It never gives up, because there is no one at a wall to press a button.
 */
export function supervise<C extends Child>(options: SupervisorOptions<C>): Supervisor<C> {
  let current: C | null = null
  let failures = 0
  let stopped = false
  let timer: ReturnType<typeof setTimeout> | null = null

  function lost(reason: string, livedMs: number): void {
    current = null
    if (stopped) return
    failures = livedMs >= HEALTHY_AFTER_MS ? 1 : failures + 1
    const delayMs = backoffDelay(failures, RESTART, options.random())
    options.onLost({ reason, failures, delayMs })
    timer = setTimeout(launch, delayMs)
  }

  function launch(): void {
    timer = null
    const startedAt = options.now()
    let child: C
    try {
      child = options.start()
    } catch (error) {
      lost(`it could not be started (${error instanceof Error ? error.message : String(error)})`, 0)
      return
    }
    current = child
    child.onExit((code) => {
      if (current === child) lost(`it ended with code ${code}`, options.now() - startedAt)
    })
  }

  launch()
  return {
    child: () => current,
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      current?.kill()
    },
  }
}
