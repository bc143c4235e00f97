import { formatDuration } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { clockOffset } from '../../transport/engineClock.ts'
import { useStatus } from '../../state/status.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Say } from '../../ui/text/Say.tsx'
import { GetAdmitted } from './GetAdmitted.tsx'
import { NextAttempt } from './Notices.tsx'

/** Before the first word from the engine: how long it has taken, and what to look at when it takes too long. */
export function Connecting() {
  const link = useStatus((state) => state.link)
  const waited = formatDuration(useNow() - clockOffset() - link.since)
  if (link.state === 'lost' && link.refused === true) {
    return (
      <EmptyState
        reason={say('shell.connecting.refused', { reason: link.reason })}
        nextStep={
          <>
            <GetAdmitted /> <NextAttempt />
          </>
        }
      />
    )
  }
  if (link.state === 'lost') {
    return (
      <EmptyState
        reason={say('shell.connecting.unreachable', { reason: link.reason })}
        nextStep={
          <Say id="shell.connecting.unreachable.next" values={{ waited, attempt: <NextAttempt /> }} />
        }
      />
    )
  }
  return <EmptyState reason={say('shell.connecting', { waited })} nextStep={say('shell.connecting.usual')} />
}
