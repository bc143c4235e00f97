import { say, textOf } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { useStream } from '../../transport/context.tsx'
import { Digits } from '../../ui/figure/Digits.tsx'
import { useStaleSince } from '../../ui/figure/freshness.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'
import { clockOf } from './TimeLeft.tsx'
import { isLoud } from './verdict.ts'
import './throttles.css'

/** On every screen: how many tenants are held back, how long the first of them still, and whether it holds. */
export function ThrottleMark() {
  const { item } = useStream('throttles.active', {})
  const now = useNow()
  const staleSince = useStaleSince()
  if (item === undefined) return null
  const { active, intents, trouble } = item
  const open = intents.filter((each) => each.open)
  if (active.length === 0 && open.length === 0) return null
  const loud = active.filter(({ verdict }) => isLoud(verdict))
  const [first] = active.toSorted((a, b) => a.expiresAt - b.expiresAt)
  const known = staleSince === null && trouble === null
  const explained = [
    ...active.map((each) => say('throttles.mark.each', { name: each.tenant.name, headline: each.headline })),
    ...open.map((each) => say('throttles.mark.each', { name: each.tenant.name, headline: each.text })),
    ...(trouble === null ? [] : [textOf(trouble)]),
  ].join(' ')
  const badge = loud.length > 0 ? 'status-badge status-badge-critical' : ''
  return (
    <Explained by={explained} className="status-item">
      <a
        href="#/throttles"
        className={`status-link throttle-mark ${badge}`}
        data-last-known={known ? undefined : ''}
      >
        <Glyph name={loud.length > 0 ? 'critical' : known ? 'throttle' : 'unknown'} />{' '}
        {say('throttles.mark', { count: active.length + open.length })}
        {first !== undefined && (
          <>
            {', '}
            <Digits text={clockOf(first.expiresAt - now)} /> {say('throttles.left')}
          </>
        )}
        {open.length > 0 && <> · {say('throttles.mark.open', { count: open.length })}</>}
      </a>
    </Explained>
  )
}
