import { formatAge, formatInstant, formatSpan } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { useNow } from '../../state/now.ts'
import { useSiteZone } from './freshness.ts'

interface AgeProps {
  /** ms since the epoch; null reads "never". */
  readonly at: number | null
  /** Said where there is no instant. */
  readonly never?: string
  /** It began then or before. */
  readonly atLeast?: boolean
}

/** "12 s ago", ticking; absolute with its zone beyond an hour. "≥ 17 min" where it began then or before. */
export function Age({ at, never = say('figure.never'), atLeast = false }: AgeProps) {
  const now = useNow()
  const zone = useSiteZone()
  if (at === null) return <span className="age age-never">{never}</span>
  const instant = formatInstant(at, zone, now)
  const title = atLeast ? say('figure.atLeast', { time: instant }) : instant
  return (
    <time className="age" dateTime={isoOrEmpty(at)} title={title}>
      {atLeast ? `≥\u2009${formatSpan(now - at)}` : formatAge(at, now, zone)}
    </time>
  )
}

function isoOrEmpty(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : ''
}
