import type { Wire } from '../../../shared/contract/wire.ts'

/** As much of Electron's MessagePortMain as a line needs; named here because the engine never imports electron. */
export interface MessagePortLike {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  /** Bytes are cloned: MessagePortMain loses an ArrayBuffer that is put into its transfer list (electron#34905). */
  postMessage(message: unknown): void
  close(): void
}

/** A screen's line over a MessagePort. What is neither text nor bytes is passed on as bytes, which sessions refuse. */
export function portWire(port: MessagePortLike): Wire {
  const closes: ((reason: string) => void)[] = []
  let open = true
  let started = false
  port.on('close', () => {
    if (!open) return
    open = false
    for (const listener of closes) listener('the screen closed its port')
  })
  return {
    send(message) {
      if (!open) throw new Error('the port is closed')
      port.postMessage(message)
    },
    onMessage(listener) {
      port.on('message', ({ data }) => {
        if (open) listener(typeof data === 'string' ? data : new ArrayBuffer(0))
      })
      if (!started) port.start()
      started = true
    },
    onClose(listener) {
      closes.push(listener)
    },
    close() {
      if (!open) return
      open = false
      port.close()
    },
  }
}
