import type { ThrottleSummary } from '../../../shared/contract/throttles.ts'
import { say } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { formatClock } from '../../../shared/model/time.ts'
import { Digits } from '../../ui/figure/Digits.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'
import { Explained } from '../../ui/tooltip/Explained.tsx'

/** Stored, reported, observed: three facts, each with its time, told apart by shape and words. */
export function Facts({ throttle }: { throttle: ThrottleSummary }) {
  const { facts, verdict } = throttle
  const { stored, reported, observed } = facts
  const all = reported.of > 0 && reported.inForce === reported.of
  const late = verdict === 'partial' || verdict === 'failed'
  return (
    <ol className="throttle-proof">
      <Fact name={say('throttles.fact.stored')} glyph="check" at={stored.at} value="" />
      <Fact
        name={say('throttles.fact.reported')}
        glyph={all ? 'check' : late ? 'critical' : 'unknown'}
        at={all ? reported.at : null}
        value={say('throttles.fact.reported.value', { inForce: reported.inForce, of: reported.of })}
        more={reported.gateways
          .map(({ gateway, inForce }) =>
            say(inForce ? 'throttles.gateway.inForce' : 'throttles.gateway.not', {
              gateway: visibleName(gateway),
            }),
          )
          .join(' ')}
      />
      <Fact
        name={say('throttles.fact.observed')}
        glyph={
          observed.state === 'observed' ? 'check' : observed.state === 'disobeyed' ? 'critical' : 'unknown'
        }
        at={observed.at}
        value={observed.state === 'observed' ? '' : say(`throttles.observed.${observed.state}`)}
      />
    </ol>
  )
}

function Fact({
  name,
  glyph,
  at,
  value,
  more = '',
}: {
  readonly name: string
  readonly glyph: GlyphName
  readonly at: number | null
  readonly value: string
  readonly more?: string
}) {
  const zone = useSiteZone()
  return (
    <li className="throttle-proof-fact" data-fact-glyph={glyph}>
      <Glyph name={glyph} />
      <span className="throttle-proof-name">{name}</span>
      {more === '' ? <span>{value}</span> : <Explained by={more}>{value}</Explained>}
      {at !== null && (
        <span className="secondary">
          <Digits text={formatClock(at, zone)} />
        </span>
      )}
    </li>
  )
}
