import type { ThrottleSummary } from '../../../shared/contract/throttles.ts'
import { say } from '../../../shared/messages/format.ts'
import { formatClock, zoneName } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { Digits } from '../../ui/figure/Digits.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'

/** "24:10", "1:02:09"; a throttle that is due has 0:00 left. */
export function clockOf(leftMs: number): string {
  const seconds = Math.max(0, Math.floor(leftMs / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const start = hours > 0 ? `${hours}:${two(minutes)}` : String(minutes)
  return `${start}:${two(seconds % 60)}`
}

type Timed = Pick<ThrottleSummary, 'createdAt' | 'expiresAt' | 'endedAt'>

/** What is left of it, as a bar and as a time; the end is the server's. */
export function TimeLeft({ throttle }: { throttle: Timed }) {
  const now = useNow()
  const zone = useSiteZone()
  const { createdAt, expiresAt, endedAt } = throttle
  const left = expiresAt - now
  if (endedAt !== null) {
    return (
      <p className="secondary">
        {say('throttles.ended', { clock: `${formatClock(endedAt, zone)} ${zoneName(endedAt, zone)}` })}
      </p>
    )
  }
  const part = Math.min(1, Math.max(0, left / Math.max(1, expiresAt - createdAt)))
  return (
    <div className="throttle-left">
      <span className="throttle-left-track" aria-hidden="true">
        <span className="throttle-left-fill" style={{ width: `${part * 100}%` }} />
      </span>
      <span>
        <Digits text={clockOf(left)} /> {say('throttles.left')}
      </span>
      <span className="secondary">
        {say('throttles.until', { clock: `${formatClock(expiresAt, zone)} ${zoneName(expiresAt, zone)}` })}
      </span>
    </div>
  )
}
