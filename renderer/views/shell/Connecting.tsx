import { formatDuration } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { clockOffset } from '../../transport/engineClock.ts'
import { useStatus } from '../../state/status.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { GetAdmitted } from './GetAdmitted.tsx'
import { NextAttempt } from './Notices.tsx'

/** Before the first word from the engine: how long it has taken, and what to look at when it takes too long. */
export function Connecting() {
  const link = useStatus((state) => state.link)
  const waited = formatDuration(useNow() - clockOffset() - link.since)
  if (link.state === 'lost' && link.refused === true) {
    return (
      <EmptyState
        reason={`The engine refuses this screen. ${link.reason}`}
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
        reason={`The engine cannot be reached. ${link.reason}`}
        nextStep={
          <>
            Tried for {waited}. <NextAttempt /> If it stays so, check that Floorwatch still runs on the
            machine that serves this page.
          </>
        }
      />
    )
  }
  return (
    <EmptyState
      reason={`Connecting to the engine, ${waited}`}
      nextStep="This takes less than a second as a rule."
    />
  )
}
