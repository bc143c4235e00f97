import type { ThrottleDetail } from '../../../shared/contract/throttles.ts'
import { say } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { figureText } from '../../../shared/model/units.ts'
import { inWords } from '../../../shared/model/phrases.ts'

/** Whether what burned has recovered, by its last five minutes, and how far the windows of its alerts have followed. */
export function Recovery({ of }: { of: NonNullable<ThrottleDetail['recovery']> }) {
  const { bad, total, allowed, windows } = of
  const values = {
    objective: visibleName(of.objective),
    bad,
    total,
    allowed: figureText(100 * allowed, { unit: '%', digits: allowed < 0.01 ? 2 : 1 }),
  }
  const said =
    total === 0
      ? say('throttles.recovery.idle', { objective: values.objective })
      : bad / total > allowed
        ? say('throttles.recovery.burning', values)
        : say('throttles.recovery.recovered', values)
  return (
    <p className="throttle-recovery">
      {said}
      {windows.length > 0 && (
        <span className="secondary">
          {' '}
          {say('throttles.recovery.windows', {
            windows: windows.map(({ longMs, burn }) =>
              say('throttles.recovery.window', { span: inWords(longMs), burn: burn.toFixed(1) }),
            ),
          })}
        </span>
      )}
    </p>
  )
}
