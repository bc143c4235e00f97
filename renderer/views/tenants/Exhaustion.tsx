import { formatInstant } from '../../../shared/model/time.ts'
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
    return <Figure label="Time to exhaustion" value={null} reason={reason} align="end" />
  }
  const why = {
    lasts: 'At the present rate it is not used up before its reset.',
    gone: 'It is used up: what comes now is refused or billed beyond it, as the contract says.',
    later: '',
    near: '',
  }[kind]
  return (
    <Explained
      className="tenant-exhaustion"
      by={
        exhaustsAt === null || kind === 'gone'
          ? why
          : `Used up at the present rate ${untilWords(exhaustsAt, now)}: ${formatInstant(exhaustsAt, zone, now)}.`
      }
    >
      {(kind === 'near' || kind === 'gone') && <Glyph name="advisory" label="advisory" />}
      <span className={kind === 'near' || kind === 'gone' ? undefined : 'secondary'}>{text}</span>
    </Explained>
  )
}
