import type { ReactNode } from 'react'
import type { Failure } from '../../../shared/contract/wire.ts'
import { useStatus } from '../../state/status.ts'
import { EmptyState } from './EmptyState.tsx'

interface WaitingProps {
  /** What is awaited, inside a sentence: "the health of the sources". */
  readonly what: string
  /** When it comes, and where to look if it does not. */
  readonly nextStep: string
  /** Why the engine does not send it; null while it is awaited. */
  readonly failure: Pick<Failure, 'text' | 'nextStep'> | null
  readonly action?: ReactNode
}

/** In the place of what has not come yet. Without a connection it cannot come, and the text says so instead of waiting. */
export function Waiting({ what, nextStep, failure, action }: WaitingProps) {
  const lost = useStatus(({ link }) => link.state === 'lost')
  const shown = action === undefined ? {} : { action }
  if (lost) {
    return (
      <EmptyState
        {...shown}
        reason={`Lost connection to the engine before ${what} came: nothing of it is known here.`}
        nextStep="It comes by itself once this screen is connected again; the notice above says when it tries."
      />
    )
  }
  return (
    <EmptyState
      {...shown}
      reason={failure?.text ?? `Waiting for ${what}.`}
      nextStep={failure?.nextStep ?? nextStep}
    />
  )
}
