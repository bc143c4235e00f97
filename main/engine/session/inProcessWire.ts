import type { Wire } from '../../../shared/contract/wire.ts'

/**
 * Both ends of a line within one process, for tests and for a host that shares the engine's process. Messages arrive
 * asynchronously and in order, and bytes are copied, as on a real transport.
 */
export function inProcessWire(): { engineEnd: Wire; screenEnd: Wire } {
  const engine = createEnd()
  const screen = createEnd()
  engine.join(screen)
  screen.join(engine)
  return { engineEnd: engine.wire, screenEnd: screen.wire }
}

interface End {
  join(peer: End): void
  receive(message: string | ArrayBuffer): void
  hangUp(reason: string): void
  readonly wire: Wire
}

function createEnd(): End {
  const messages: ((message: string | ArrayBuffer) => void)[] = []
  const closes: ((reason: string) => void)[] = []
  /** What came before anybody listened. */
  let early: (string | ArrayBuffer)[] = []
  let other: End | null = null
  let open = true

  return {
    join(peer: End): void {
      other = peer
    },
    receive(message: string | ArrayBuffer): void {
      if (!open) return
      if (messages.length === 0) early.push(message)
      for (const listener of messages) listener(message)
    },
    hangUp(reason: string): void {
      if (!open) return
      open = false
      early = []
      for (const listener of closes) listener(reason)
    },
    wire: {
      send(message: string | ArrayBuffer): void {
        if (!open) throw new Error('the connection is closed')
        const copy = typeof message === 'string' ? message : message.slice(0)
        queueMicrotask(() => other?.receive(copy))
      },
      onMessage(listener: (message: string | ArrayBuffer) => void): void {
        messages.push(listener)
        for (const message of early.splice(0)) listener(message)
      },
      onClose(listener: (reason: string) => void): void {
        closes.push(listener)
      },
      close(): void {
        if (!open) return
        open = false
        queueMicrotask(() => other?.hangUp('the other end closed the connection'))
      },
    },
  }
}
