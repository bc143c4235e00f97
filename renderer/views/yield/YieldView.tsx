import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
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
  const { item, failure } = useStream('tokens.yield', {})
  useStanding(item !== undefined)
  if (item === undefined) {
    return (
      <EmptyState
        reason={failure?.text ?? 'Waiting for the yield of the factory.'}
        nextStep={failure?.nextStep ?? 'It comes with the next refresh of the engine.'}
      />
    )
  }
  return (
    <div className="yield">
      {item.standIn?.whole ? <ServedBanner origin={item.origin} /> : <OriginBanner origin={item.origin} />}
      <YieldStrip item={item} />
      <div className="yield-page">
        <YieldTable item={item} />
        <div className="yield-columns">
          {item.assumptions !== null && <BreakEven item={item} configured={item.assumptions} />}
          <DriftPanel />
        </div>
      </div>
    </div>
  )
}
