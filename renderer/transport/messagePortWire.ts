import { portEndSchema } from '../../shared/contract/portEnd.ts'
import type { LineEnd, Wire } from '../../shared/contract/wire.ts'
import { say } from '../../shared/messages/format.ts'
import { type FloorwatchShell, PORT_MESSAGE } from './shell.ts'

/** The page as the shell's messages reach it. */
type Page = Pick<Window, 'addEventListener' | 'removeEventListener' | 'origin'>

/**
 * A line over a MessagePort that the shell is asked for. Whatever is sent before the port is there waits for it; a port
 * that comes after the connection was given up is closed at once.
 */
export function messagePortWire(shell: FloorwatchShell, page: Page): Wire {
  const messages: ((message: string | ArrayBuffer) => void)[] = []
  const closes: ((reason: string, end?: LineEnd) => void)[] = []
  const waiting: (string | ArrayBuffer)[] = []
  let port: MessagePort | null = null
  let closed = false

  const receive = (event: MessageEvent<unknown>): void => {
    // A frame or another window may post here too: only this page's own preload is believed.
    if (event.source !== page || event.origin !== page.origin || !isPortMessage(event.data)) return
    const [offered] = event.ports
    if (offered === undefined) return
    page.removeEventListener('message', receive)
    if (closed) return offered.close()
    adopt(offered)
  }

  function end(reason: string, how: LineEnd = 'lost'): void {
    if (closed) return
    closed = true
    for (const listener of closes) listener(reason, how)
  }

  function adopt(offered: MessagePort): void {
    port = offered
    offered.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (closed) return
      if (typeof data === 'string' || data instanceof ArrayBuffer) {
        for (const listener of messages) listener(data)
        return
      }
      const said = portEndSchema.safeParse(data)
      if (said.success) end(said.data.closed, said.data.refused === true ? 'refused' : 'lost')
    })
    offered.addEventListener('close', () => end(say('link.engineGone')))
    offered.start()
    // A MessagePort has one other end and no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    for (const message of waiting.splice(0)) offered.postMessage(message)
  }

  page.addEventListener('message', receive)
  shell.requestPort()
  return {
    send(message) {
      if (port === null) waiting.push(message)
      else port.postMessage(message)
    },
    onMessage: (listener) => messages.push(listener),
    onClose: (listener) => closes.push(listener),
    close() {
      if (closed) return
      closed = true
      port?.close()
    },
  }
}

function isPortMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === PORT_MESSAGE
}
