import { say } from '../../../shared/messages/format.ts'
import { useStream } from '../../transport/context.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { useStanding } from '../../ui/keys/early.ts'
import { OriginBanner } from '../tokens/OriginNotes.tsx'
import { ServedBanner } from '../tokens/served/ServedBanner.tsx'
import { BreakEven } from './BreakEven.tsx'
import { DriftPanel } from '../drift/DriftPanel.tsx'
import { YieldStrip } from './YieldStrip.tsx'
import { YieldTable } from './YieldTable.tsx'
import './yield.css'

/** Tokens per GPU-hour, dollar and joule; rented hours against metered tokens; served against metered tokens. */
export function YieldView() {
  const stream = useStream('tokens.yield', {})
  const { item, failure } = stream
  useStanding(item !== undefined)
  if (item === undefined) {
    return <Waiting waiting={say('yields.waiting')} nextStep={say('waiting.refresh')} failure={failure} />
  }
  return (
    <LastKnown of={stream}>
      <div className="yield">
        {item.standIn?.whole === true && item.origin.state === 'none' ? (
          <ServedBanner origin={item.origin} />
        ) : (
          <OriginBanner origin={item.origin} stoodInFor={item.standIn !== null} />
        )}
        <YieldStrip item={item} />
        <div className="yield-page">
          <YieldTable item={item} />
          <div className="yield-columns">
            {item.assumptions !== null && <BreakEven item={item} configured={item.assumptions} />}
            <DriftPanel />
          </div>
        </div>
      </div>
    </LastKnown>
  )
}
