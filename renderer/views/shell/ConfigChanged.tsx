import { useState } from 'react'
import type { ConfigChange } from '../../../shared/contract/console.ts'
import { plural } from '../../../shared/model/phrases.ts'
import { Button } from '../../ui/form/Button.tsx'
import { useCall } from '../../transport/context.tsx'

/** The configuration file was edited while the engine runs: what would change for the worse, and the button to apply it. */
export function ConfigChanged({ change, path }: { change: ConfigChange; path: string }) {
  const apply = useCall('config.apply')
  const [open, setOpen] = useState(false)
  const count = change.problems.length + change.more
  if (count > 0) {
    return (
      <>
        <strong>The configuration was edited and would be refused: {plural(count, 'error')}.</strong> The
        engine goes on with what it has.{' '}
        <Button onClick={() => setOpen(!open)}>{open ? 'Hide errors' : 'See errors'}</Button>
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
            {change.more > 0 && <li>{plural(change.more, 'more error')}.</li>}
          </ul>
        )}
      </>
    )
  }
  return (
    <>
      <strong>The configuration has changed.</strong> <code>{path}</code> was edited and is in order.{' '}
      {change.newRoutes.length > 0 && `It newly sends ${change.newRoutes.join('; ')}. `}
      <Button
        kind="primary"
        onClick={() => void apply.run({ digest: change.digest })}
        unavailable={apply.state === 'pending' ? 'It is being applied.' : null}
      >
        Apply
      </Button>
      {apply.state === 'failed' && (
        <span role="alert">
          {' '}
          Not applied: {apply.failure.message} {apply.failure.nextStep}
        </span>
      )}
    </>
  )
}
