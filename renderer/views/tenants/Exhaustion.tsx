import { formatInstant } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'
import { exhaustionWords, untilWords } from '../../state/tenants/states.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Explained } from '../../ui/tooltip/Explained.tsx'

interface ExhaustionProps {
  /** Of the quota that runs out first, 0–1; null where there is none. */
  readonly used: number | null
  readonly exhaustsAt: number | null
  /** ms on the engine's clock, as of the figures. */
  readonly now: number
  /** Why there is none. */
  readonly reason: string
}

/** When a quota is used up at the present rate. */
export function Exhaustion({ used, exhaustsAt, now, reason }: ExhaustionProps) {
  const zone = useSiteZone()
  const { text, kind } = exhaustionWords(used, exhaustsAt, now)
  if (kind === 'none') {
    return <Figure label={say('quota.timeToExhaustion')} value={null} reason={reason} align="end" />
  }
  const why = {
    lasts: say('quota.lasts.why'),
    gone: say('quota.usedUp.why'),
    later: '',
    near: '',
  }[kind]
  return (
    <Explained
      className="tenant-exhaustion"
      by={
        exhaustsAt === null || kind === 'gone'
          ? why
          : say('quota.usedUp.at', {
              when: untilWords(exhaustsAt, now),
              instant: formatInstant(exhaustsAt, zone, now),
            })
      }
    >
      {(kind === 'near' || kind === 'gone') && <Glyph name="advisory" label={say('severity.advisory')} />}
      <span className={kind === 'near' || kind === 'gone' ? undefined : 'secondary'}>{text}</span>
    </Explained>
  )
}
