import type { PortEnd } from '../../shared/contract/portEnd.ts'
import type { MessagePortMain } from 'electron'

/** As much of Electron's MessagePortMain as a line needs; a stand-in in tests. */
export type LinePort = Pick<MessagePortMain, 'start' | 'postMessage' | 'close'> & {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
}

/** An engine that runs elsewhere, and what it knows this desktop by. */
export interface EngineAddress {
  readonly url: URL
  /** null: the token stands in the query of the address. */
  readonly tokenFile: string | null
  /** File of a private authority that signed its certificate, PEM; null: those that this machine trusts. */
  readonly caFile: string | null
}

/** Where the lines of one window lead: to an engine of this desktop, or to one that runs elsewhere. */
export interface Lines {
  /**
   * Gives the engine the connection of one page. Where there is no engine now the page is told why and its port is closed; it
   * asks again after its own back-off.
   */
  attach(port: MessagePortMain): void
  /** The same engine under a newer address. */
  readdress(engine: EngineAddress): void
  /** Resolves when nothing of it is left running. */
  stop(): Promise<void>
}

const MOST_WORDS = 500

/**
 * Closes a page's port and tells the person at the screen why, in words.
 * @param refused the engine does not admit this window; asking again does not help
 */
export function endPort(
  port: Pick<LinePort, 'postMessage' | 'close'>,
  reason: string,
  refused = false,
): void {
  const closed = reason.slice(0, MOST_WORDS)
  const end: PortEnd = refused ? { closed, refused } : { closed }
  // A port has one other end and no origin to name.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  port.postMessage(end)
  port.close()
}
