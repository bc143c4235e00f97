import { say } from '../../../shared/messages/format.ts'
import { navigate } from '../../state/navigation.ts'
import { overviewOf } from '../../state/tokens/overview.ts'
import { rangeOf } from '../../state/tokens/ranges.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { useStanding } from '../../ui/keys/early.ts'
import { Controls } from './Controls.tsx'
import { HistoryPicture } from './HistoryPicture.tsx'
import { LatencyPicture } from './LatencyPicture.tsx'
import { OriginBanner } from './OriginNotes.tsx'
import { Rankings } from './Rankings.tsx'
import { ServedBanner } from './served/ServedBanner.tsx'
import { Strip } from './Strip.tsx'
import { TotalsPicture } from './TotalsPicture.tsx'
import { useHeld } from './useHeld.ts'
import { usePlace } from './usePlace.ts'
import { useTokensActions } from './useTokensActions.ts'
import { originNextStep, originText } from '../../state/tokens/originWords.ts'
import './tokens.css'

/** Tokens as the floor shows watts: how many, of what, for whom, how fast, and at which cost in failures. */
export function TokensView() {
  const place = usePlace()
  const stream = useStream('tokens.overview', overviewOf(place.filters))
  const { item, failure } = stream
  const { held: overview, waiting } = useHeld(item)
  const range = rangeOf(place.range)
  useTokensActions(place)
  useStanding(overview !== undefined)

  if (overview === undefined) {
    return <Waiting waiting={say('tokens.waiting')} nextStep={say('waiting.metering')} failure={failure} />
  }
  const { origin, standIn } = overview
  if (origin.state === 'none' && standIn === null) {
    return (
      <EmptyState
        reason={origin.text === null ? say('tokens.none') : originText(origin)}
        nextStep={origin.nextStep === null ? say('tokens.none.next') : originNextStep(origin)}
        action={<Button onClick={() => navigate('setup')}>{say('tokens.none.setup')}</Button>}
      />
    )
  }
  return (
    <LastKnown of={stream}>
      <div className="tokens" data-waiting={waiting ? '' : undefined}>
        {origin.state === 'none' ? (
          <ServedBanner origin={origin} />
        ) : (
          <OriginBanner origin={origin} stoodInFor={standIn !== null} />
        )}
        <Strip overview={overview} place={place} />
        <Controls place={place} origin={origin} standIn={standIn} />
        <div className="tokens-main" data-kind={range.kind}>
          {range.kind === 'span' ? (
            <>
              <HistoryPicture place={place} range={range} />
              <LatencyPicture place={place} range={range} present={overview.latency} />
            </>
          ) : (
            <TotalsPicture place={place} range={range} />
          )}
          <Rankings overview={overview} place={place} />
        </div>
      </div>
    </LastKnown>
  )
}
