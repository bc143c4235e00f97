import { useEffect } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { navigate } from '../../state/navigation.ts'
import { useNow } from '../../state/now.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { Say } from '../../ui/text/Say.tsx'

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
      <p>{say('setup.demo.what')}</p>
      <p className="secondary">{say('setup.demo.local')}</p>
      <div className="setup-actions">
        <Button
          kind="primary"
          onClick={() => void demo.run({})}
          unavailable={unavailable ?? (pending ? say('setup.demo.isStarting') : null)}
        >
          {say('setup.demo.start')}
        </Button>
        {demo.state === 'pending' && <Starting since={demo.since} />}
      </div>
      {demo.state === 'failed' && (
        <p className="setup-failure" role="alert">
          <Glyph name="failing" />{' '}
          <Say
            id="setup.demo.failed"
            values={{ problem: demo.failure.message, nextStep: demo.failure.nextStep }}
          />
        </p>
      )}
    </>
  )
}

function Starting({ since }: { since: number }) {
  const now = useNow()
  return (
    <output className="secondary">
      {say('setup.demo.starting', { elapsed: formatDuration(Math.max(0, now - since)) })}
    </output>
  )
}
