import { useDeferredValue } from 'react'
import { navigate } from '../../state/navigation.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { useStanding } from '../../ui/keys/early.ts'
import { OriginBanner } from '../tokens/OriginNotes.tsx'
import { TenantPage } from './page/TenantPage.tsx'
import { RankingView } from './RankingView.tsx'
import { usePlace } from './usePlace.ts'
import '../tokens/tokens.css'
import './tenants.css'

/** Every tenant in a ranking, or one of them on a page of its own. */
export function TenantsView() {
  const place = usePlace()
  return place.tenant === null ? <Ranking /> : <TenantPage key={place.tenant} id={place.tenant} />
}

function Ranking() {
  const place = usePlace()
  const { item: newest, failure } = useStream('tokens.tenants', {})
  // Ten thousand tenants a second are drawn in slices between the frames of whatever the person does meanwhile.
  const item = useDeferredValue(newest)
  useStanding(item !== undefined)

  if (item === undefined) {
    return (
      <EmptyState
        reason={failure?.text ?? 'Waiting for the first figures of the tenants.'}
        nextStep={
          failure?.nextStep ??
          'They come within a few seconds; source health (g h) tells whether the metering answers, and why not.'
        }
      />
    )
  }
  if (item.origin.state === 'none') {
    return (
      <EmptyState
        reason={item.origin.text}
        nextStep={item.origin.nextStep}
        action={<Button onClick={() => navigate('setup')}>Go to setup (g e)</Button>}
      />
    )
  }
  return (
    <div className="tenants">
      <OriginBanner origin={item.origin} />
      <RankingView item={item} place={place} />
    </div>
  )
}
