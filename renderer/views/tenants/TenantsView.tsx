import { useDeferredValue } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { navigate } from '../../state/navigation.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { useStanding } from '../../ui/keys/early.ts'
import { OriginBanner } from '../tokens/OriginNotes.tsx'
import { TenantPage } from './page/TenantPage.tsx'
import { RankingView } from './RankingView.tsx'
import { usePlace } from './usePlace.ts'
import { AllJobs } from './workflows/AllJobs.tsx'
import { useJobsPlace } from './workflows/showJobs.ts'
import { originNextStep, originText } from '../../state/tokens/originWords.ts'
import '../tokens/tokens.css'
import './tenants.css'

/** Every tenant in a ranking, the jobs of all of them in another one, or one tenant on a page of its own. */
export function TenantsView() {
  const place = usePlace()
  const jobs = useJobsPlace()
  if (place.tenant !== null) return <TenantPage key={place.tenant} id={place.tenant} />
  return jobs.shown ? <AllJobs place={jobs} /> : <Ranking />
}

function Ranking() {
  const place = usePlace()
  const stream = useStream('tokens.tenants', {})
  const { item: newest, failure } = stream
  // Ten thousand tenants a second are drawn in slices between the frames of whatever the person does meanwhile.
  const item = useDeferredValue(newest)
  useStanding(item !== undefined)

  if (item === undefined) {
    return <Waiting waiting={say('tenants.waiting')} nextStep={say('waiting.metering')} failure={failure} />
  }
  if (item.origin.state === 'none') {
    return (
      <EmptyState
        reason={originText(item.origin)}
        nextStep={originNextStep(item.origin)}
        action={<Button onClick={() => navigate('setup')}>{say('tenants.setup')}</Button>}
      />
    )
  }
  return (
    <LastKnown of={stream}>
      <div className="tenants">
        <OriginBanner origin={item.origin} />
        <RankingView item={item} place={place} />
      </div>
    </LastKnown>
  )
}
