import type { ThrottlePreview } from '../../../shared/contract/throttles.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import type { Range } from '../../../shared/model/preview.ts'
import { Property, Properties } from '../../ui/drawer/Drawer.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'

/** What would have been rejected lately, and what is expected of burn and queue; what is not known stands as such. */
export function ThenFigures({ preview }: { preview: ThrottlePreview }) {
  const { replay, relief, touched } = preview
  return (
    <>
      <Properties>
        <Property name={say('throttles.then.rejected')}>
          <Spread
            label={say('throttles.then.rejected')}
            range={replay?.rejectedRequestsPerMin ?? null}
            unit="req/min"
            reason={say('throttles.then.notReplayed')}
          />
          <br />
          <Spread
            label={say('throttles.then.rejectedTokens')}
            range={replay?.rejectedTokensPerMin ?? null}
            unit="tok/min"
            reason={say('throttles.then.notReplayed')}
          />
        </Property>
        <Property name={say('throttles.then.burn')}>
          <Change
            label={say('throttles.then.burn')}
            now={relief?.burn.now ?? null}
            after={relief?.burn.after ?? null}
            unit="×"
          />
        </Property>
        <Property name={say('throttles.then.queue')}>
          <Change
            label={say('throttles.then.queue')}
            now={relief?.queue.now ?? null}
            after={relief?.queue.after ?? null}
            unit="req"
          />
        </Property>
        <Property name={say('throttles.then.touched')}>
          {say('throttles.then.touched.value', {
            keys: touched.keys.length,
            models: touched.models.length,
          })}
        </Property>
      </Properties>
      <details className="throttle-how">
        <summary>{say('throttles.then.how')}</summary>
        <ul>
          {[...(replay?.notes ?? []), ...(relief?.why ?? [])].map((each) => (
            <li key={`${each.id} ${JSON.stringify(each.values)}`}>{textOf(each)}</li>
          ))}
        </ul>
      </details>
    </>
  )
}

interface SpreadProps {
  readonly label: string
  readonly range: Range | null
  readonly unit: string
  readonly reason: string
}

/** A figure that is not known exactly, with between what it lies. */
function Spread({ label, range, unit, reason }: SpreadProps) {
  if (range === null) return <Figure label={label} value={null} unit={unit} reason={reason} />
  const same = Math.abs(range.high - range.low) <= Math.abs(range.mid) * 0.005
  return (
    <span className="throttle-spread">
      <Figure label={label} value={range.mid} unit={unit} />
      {!same && (
        <span className="secondary">
          {' ('}
          <Figure label={say('throttles.then.low', { of: label })} value={range.low} unit={unit} quiet />–
          <Figure label={say('throttles.then.high', { of: label })} value={range.high} unit={unit} quiet />)
        </span>
      )}
    </span>
  )
}

function Change({
  label,
  now,
  after,
  unit,
}: {
  readonly label: string
  readonly now: number | null
  readonly after: Range | null
  readonly unit: string
}) {
  const reason = say('throttles.then.notLearnt')
  if (now === null && after === null) return <Figure label={label} value={null} unit={unit} reason={reason} />
  return (
    <>
      <Figure label={say('throttles.then.now', { of: label })} value={now} unit={unit} reason={reason} /> →{' '}
      <Spread label={label} range={after} unit={unit} reason={reason} />
    </>
  )
}
