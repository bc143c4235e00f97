import type { ReactNode } from 'react'
import type { Failure } from '../../../shared/contract/wire.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { useStatus } from '../../state/status.ts'
import { EmptyState } from './EmptyState.tsx'

interface WaitingProps {
  /** What is awaited, as a sentence: "Waiting for the health of the sources." */
  readonly waiting: string
  /** When it comes, and where to look if it does not. */
  readonly nextStep: string
  /** Why the engine does not send it; null while it is awaited. */
  readonly failure: Pick<Failure, 'text' | 'nextStep'> | null
  readonly action?: ReactNode
}

/** In the place of what has not come yet. Without a connection it cannot come, and the text says so instead of waiting. */
export function Waiting({ waiting, nextStep, failure, action }: WaitingProps) {
  const lost = useStatus(({ link }) => link.state === 'lost')
  const shown = action === undefined ? {} : { action }
  if (lost) return <EmptyState {...shown} reason={say('waiting.lost')} nextStep={say('waiting.lost.next')} />
  if (failure === null) return <EmptyState {...shown} reason={waiting} nextStep={nextStep} />
  return <EmptyState {...shown} reason={textOf(failure.text)} nextStep={textOf(failure.nextStep)} />
}
