import { formatAge, formatInstant } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { useSiteZone } from './freshness.ts'

interface AgeProps {
  /** ms since the epoch; null reads "never". */
  readonly at: number | null
  /** Said where there is no instant. */
  readonly never?: string
}

/** "12 s ago", ticking; absolute with its zone beyond an hour. */
export function Age({ at, never = 'never' }: AgeProps) {
  const now = useNow()
  const zone = useSiteZone()
  if (at === null) return <span className="age age-never">{never}</span>
  return (
    <time className="age" dateTime={isoOrEmpty(at)} title={formatInstant(at, zone, now)}>
      {formatAge(at, now, zone)}
    </time>
  )
}

function isoOrEmpty(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : ''
}
