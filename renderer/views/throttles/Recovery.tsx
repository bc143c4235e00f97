import type { ThrottleDetail } from '../../../shared/contract/throttles.ts'
import { say } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { burnText, percentText, windowText } from '../../../shared/model/objectiveWords.ts'

/** Whether what burned has recovered, by its last five minutes, and how far the windows of its alerts have followed. */
export function Recovery({ of }: { of: NonNullable<ThrottleDetail['recovery']> }) {
  const { bad, total, allowed, windows } = of
  const values = {
    objective: visibleName(of.objective),
    bad,
    total,
    allowed: percentText(allowed),
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
              say('throttles.recovery.window', { window: windowText(longMs), burn: burnText(burn) }),
            ),
          })}
        </span>
      )}
    </p>
  )
}
