import { useEffect } from 'react'
import { formatDuration } from '../../../shared/model/time.ts'
import { navigate } from '../../state/navigation.ts'
import { useNow } from '../../state/now.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'

/** Starts the demo factory and goes to its floor. */
export function DemoPanel({ unavailable }: { unavailable: string | null }) {
  const demo = useCall('setup.demo')
  const { state } = demo
  useEffect(() => {
    if (state === 'done') navigate('floor')
  }, [state])
  const pending = demo.state === 'pending'
  return (
    <>
      <p>
        A simulated factory on this machine: real DCGM exporters on loopback, three floors, four GPU types,
        and faults on purpose: a frozen exporter, a hung one, missing GPUs, XID errors.
      </p>
      <p className="secondary">
        Nothing leaves this machine and nothing is saved. The console says DEMO as long as it runs.
      </p>
      <div className="setup-actions">
        <Button
          kind="primary"
          onClick={() => void demo.run({})}
          unavailable={unavailable ?? (pending ? 'It is starting.' : null)}
        >
          Look at the demo factory
        </Button>
        {demo.state === 'pending' && <Starting since={demo.since} />}
      </div>
      {demo.state === 'failed' && (
        <p className="setup-failure" role="alert">
          <Glyph name="failing" /> <strong>The demo factory did not start.</strong> {demo.failure.message}{' '}
          {demo.failure.nextStep}
        </p>
      )}
    </>
  )
}

function Starting({ since }: { since: number }) {
  const now = useNow()
  return (
    <output className="secondary">
      Starting the demo factory, {formatDuration(Math.max(0, now - since))}
    </output>
  )
}
