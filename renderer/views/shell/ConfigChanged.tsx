import { useState } from 'react'
import type { ConfigChange } from '../../../shared/contract/console.ts'
import { say } from '../../../shared/messages/format.ts'
import { Button } from '../../ui/form/Button.tsx'
import { useCall } from '../../transport/context.tsx'
import { Say } from '../../ui/text/Say.tsx'

/** The configuration file was edited while the engine runs: what would change for the worse, and the button to apply it. */
export function ConfigChanged({ change, path }: { change: ConfigChange; path: string }) {
  const apply = useCall('config.apply')
  const [open, setOpen] = useState(false)
  const count = change.problems.length + change.more
  if (count > 0) {
    return (
      <>
        <Say id="shell.config.refused" values={{ count }} />{' '}
        <Button onClick={() => setOpen(!open)}>
          {open ? say('shell.config.hide') : say('shell.config.show')}
        </Button>
        {open && (
          <ul className="notice-list">
            {change.problems.map(({ line, column, key, text, nextStep }) => (
              <li key={`${line} ${column} ${key} ${text}`}>
                <code>
                  {path}
                  {line > 0 && `:${line}:${column}`}
                </code>{' '}
                {key !== '' && `${key}: `}
                {text}. {nextStep}
              </li>
            ))}
            {change.more > 0 && <li>{say('shell.config.more', { count: change.more })}</li>}
          </ul>
        )}
      </>
    )
  }
  return (
    <>
      <Say id="shell.config.changed" values={{ path }} />{' '}
      {change.newRoutes.length > 0 &&
        `${say('shell.config.routes', { routes: change.newRoutes.join('; ') })} `}
      <Button
        kind="primary"
        onClick={() => void apply.run({ digest: change.digest })}
        unavailable={apply.state === 'pending' ? say('shell.config.pending') : null}
      >
        {say('shell.config.apply')}
      </Button>
      {apply.state === 'failed' && (
        <span role="alert">
          {' '}
          {say('shell.config.failed', { problem: apply.failure.message, nextStep: apply.failure.nextStep })}
        </span>
      )}
    </>
  )
}
