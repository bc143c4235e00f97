import type { WireFactory } from './client.ts'
import { messagePortWire } from './messagePortWire.ts'
import { proofKeeper } from './proof.ts'
import { webSocketWire, wireAddress } from './webSocketWire.ts'

/**
 * The connection that fits where this page runs: a port inside the Electron shell, else a WebSocket to where it came from.
 * Before anything reads the page's address, because an admitted page's proof stands in it.
 */
export function wireFactory(page: Window): WireFactory {
  const shell = page.floorwatchShell
  if (shell !== undefined) return () => messagePortWire(shell, page)
  const address = wireAddress(page.location)
  const keeper = proofKeeper(page)
  return () => webSocketWire(address, keeper)
}
