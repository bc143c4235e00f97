import { create } from 'zustand'
import type { ConsoleStatus } from '../../shared/contract/console.ts'
import type { Client, Link } from '../transport/types.ts'
import { engineNow, learnEngineClock } from '../transport/engineClock.ts'

interface StatusState {
  readonly status: ConsoleStatus | null
  /** When the last status came, on the engine's clock. */
  readonly receivedAt: number | null
  readonly link: Link
  /** What came that this screen does not understand, newest; figures may be missing for it. */
  readonly fault: { readonly text: string; readonly at: number } | null
}

export const INITIAL_STATUS: StatusState = {
  status: null,
  receivedAt: null,
  link: { state: 'connecting', since: 0, reason: '', nextAttemptAt: null },
  fault: null,
}

/** The one truth of the frame around every view: the engine's own summary and the state of the connection to it. */
export const useStatus = create<StatusState>(() => INITIAL_STATUS)

/** The engine sends its status every second; after this long without one, nothing on the screen is current. */
export const SILENT_AFTER_MS = 15_000
/** A fault that does not come again is forgotten after this. */
const FAULT_SHOWN_MS = 60_000

export function noteFault(text: string): void {
  useStatus.setState({ fault: { text, at: engineNow() } })
}

/** Keeps the store in step with the client. @returns stops it */
export function followStatus(client: Client): () => void {
  useStatus.setState({ link: client.link() })
  const leaveLink = client.onLink((link) => useStatus.setState({ link }))
  const leaveStatus = client.open('console.status', {}, (status) => {
    learnEngineClock(status.at)
    useStatus.setState({ status, receivedAt: engineNow() })
  })
  return () => {
    leaveLink()
    leaveStatus()
  }
}

/**
 * Since when nothing new has come, or null while everything is current. Before the first status there is nothing that
 * could be stale.
 * @param now on the engine's clock
 */
export function staleSince({ status, receivedAt, link }: StatusState, now: number): number | null {
  if (status === null || receivedAt === null) return null
  if (link.state === 'lost') return receivedAt
  return now - receivedAt > SILENT_AFTER_MS ? receivedAt : null
}

export function currentFault({ fault }: StatusState, now: number): string | null {
  return fault !== null && now - fault.at < FAULT_SHOWN_MS ? fault.text : null
}

/** May this screen act, or only look? Unknown counts as no. */
export function mayAct({ status }: Pick<StatusState, 'status'>): boolean {
  return status?.role === 'console'
}
