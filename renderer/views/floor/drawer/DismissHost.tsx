import type { HostDetail } from '../../../../shared/contract/fleet.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useCall } from '../../../transport/context.tsx'
import { Button } from '../../../ui/form/Button.tsx'

/** Whether a host is gone as a whole, and nothing but its own past expects it. */
export function canBeDismissed({ expected, findings, rows }: HostDetail): boolean {
  const gone = findings.filter(({ kind }) => kind === 'missing' || kind === 'stale')
  return expected === null && gone.some(({ gpus }) => gpus >= rows.length)
}

/** For a host that left on purpose, on a floor without an inventory that would say so. */
export function DismissHost({ host }: { host: string }) {
  const dismiss = useCall('fleet.dismissHost')
  return (
    <p>
      <Button
        onClick={() => void dismiss.run({ host })}
        unavailable={dismiss.state === 'pending' ? say('host.dismiss.pending') : null}
      >
        {say('host.dismiss')}
      </Button>{' '}
      <span className="secondary">{say('host.dismiss.meaning')}</span>
      {dismiss.state === 'failed' && (
        <span role="alert">
          {' '}
          {say('host.dismiss.failed', {
            problem: dismiss.failure.message,
            nextStep: dismiss.failure.nextStep,
          })}
        </span>
      )}
    </p>
  )
}
