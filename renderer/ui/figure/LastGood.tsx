import { formatClock, formatDate, zoneName } from '../../../shared/model/time.ts'
import { useNow } from '../../state/now.ts'
import { Glyph } from '../glyph/Glyph.tsx'
import { Say } from '../text/Say.tsx'
import { Digits } from './Digits.tsx'
import { useSiteZone, useStaleSince } from './freshness.ts'

interface LastGoodProps {
  /** When what is shown was good, ms; without it when the connection was lost. Said only while there is one to say. */
  readonly at?: number | null
}

const DAY_MS = 86_400_000

/** "last good 20:14:05 UTC", beside every picture, list and strip that is no longer current; nothing while it is. */
export function LastGood({ at }: LastGoodProps) {
  const staleSince = useStaleSince()
  const zone = useSiteZone()
  const now = useNow()
  const good = at === undefined ? staleSince : at
  if (good === null) return null
  const day = now - good < DAY_MS / 2 ? '' : `${formatDate(good, zone)} `
  return (
    <span className="last-good">
      <Glyph name="stale" />
      <span>
        <Say
          id="figure.lastGood"
          values={{
            time: (
              <>
                {day}
                <Digits text={formatClock(good, zone)} /> {zoneName(good, zone)}
              </>
            ),
          }}
        />
      </span>
    </span>
  )
}
