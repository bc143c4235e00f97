import type { WireFactory } from './client.ts'
import { messagePortWire } from './messagePortWire.ts'
import { webSocketWire, wireAddress } from './webSocketWire.ts'

/** The line that fits where this page runs: a port inside the Electron shell, else a WebSocket to where it came from. */
export function wireFactory(page: Window): WireFactory {
  const shell = page.floorwatchShell
  if (shell !== undefined) return () => messagePortWire(shell, page)
  const address = wireAddress(page.location)
  return () => webSocketWire(address)
}
