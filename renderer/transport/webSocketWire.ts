import type { Wire } from '../../shared/contract/wire.ts'

/** Path of the engine's line on the host that served this page; the host checks origin and token on the upgrade. */
export const WIRE_PATH = '/wire'

export function wireAddress(page: Pick<Location, 'protocol' | 'host'>): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}${WIRE_PATH}`
}

/** Codes of RFC 6455 and of Floorwatch's host, in words. 1006 is all that a browser tells of a refused upgrade. */
function closeWords(event: CloseEvent): string {
  if (event.reason !== '') return event.reason
  if (event.code === 1006) return 'the engine cannot be reached'
  if (event.code === 1001) return 'the engine is shutting down'
  return `the engine closed the line (code ${event.code})`
}

/** A line over a WebSocket to the host that served the page. */
export function webSocketWire(address: string): Wire {
  const socket = new WebSocket(address)
  socket.binaryType = 'arraybuffer'
  return {
    send(message) {
      socket.send(message)
    },
    onMessage(listener) {
      socket.addEventListener('message', (event: MessageEvent<unknown>) => {
        const { data } = event
        if (typeof data === 'string' || data instanceof ArrayBuffer) listener(data)
      })
    },
    onClose(listener) {
      socket.addEventListener('close', (event) => listener(closeWords(event)), { once: true })
    },
    close() {
      socket.close(1000)
    },
  }
}
