import type { ReactNode } from 'react'
import { StaleSince, useStaleSince } from './freshness.ts'

interface LastKnownProps {
  /** What everything inside is made of. */
  readonly of: {
    /** Nothing newer has come since the connection was lost. */
    readonly lastKnown: boolean
    /** When it came, ms on the engine's clock. */
    readonly receivedAt: number | null
  }
  readonly children: ReactNode
}

/**
 * Dates what is inside by what it is made of: a view that was left before the connection was lost shows older figures
 * than the status bar, and shows them as old until the first answer after it has come back.
 */
export function LastKnown({ of: { lastKnown, receivedAt }, children }: LastKnownProps) {
  const around = useStaleSince()
  return <StaleSince value={lastKnown ? (receivedAt ?? around) : around}>{children}</StaleSince>
}
