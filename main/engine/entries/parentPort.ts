import type { FromEngine } from '../hostMessages.ts'
import type { MessagePortLike } from './portWire.ts'

/** As much of Electron's `process.parentPort` as the engine needs; it is there in a utility process alone. */
interface ParentPort {
  on(
    event: 'message',
    listener: (event: { data: unknown; ports: readonly MessagePortLike[] }) => void,
  ): unknown
  postMessage(message: FromEngine): void
}

/** The shell, as the engine speaks to it. */
export interface Shell {
  onMessage(listener: (data: unknown, ports: readonly MessagePortLike[]) => void): void
  tell(message: FromEngine): void
}

/** @throws Error with a sentence when this is not a utility process */
export function shellOf(host: object): Shell {
  const port: unknown = 'parentPort' in host ? host.parentPort : undefined
  if (!isParentPort(port)) {
    throw new Error(
      'This entry runs inside an Electron utility process alone. Start `floorwatch serve` for an engine in plain Node.',
    )
  }
  return {
    onMessage: (listener) => void port.on('message', ({ data, ports }) => listener(data, ports)),
    tell: (message) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a parent port has no origin, a window has
      port.postMessage(message)
    },
  }
}

function isParentPort(port: unknown): port is ParentPort {
  return typeof port === 'object' && port !== null && 'on' in port && 'postMessage' in port
}
