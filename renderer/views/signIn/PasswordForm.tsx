import { type FormEvent, useState } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { failureOf, Refused } from './Refused.tsx'

/** Another password for who is signed in; their other sessions end. */
export function PasswordForm({ onDone }: { onDone: () => void }) {
  const change = useCall('access.password')
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const pending = change.state === 'pending'

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!pending) void change.run({ current, password })
  }

  return (
    <form className="sign-in-form" onSubmit={submit}>
      <TextField
        label={say('access.field.current')}
        value={current}
        onChange={setCurrent}
        complete="current-password"
        secret
        firstFocus
      />
      <TextField
        label={say('access.field.newPassword')}
        value={password}
        onChange={setPassword}
        hint={say('access.field.newPassword.hint')}
        complete="new-password"
        secret
      />
      <div className="sign-in-actions">
        <Button type="submit" kind="primary" unavailable={pending ? say('access.checking') : null}>
          {say('access.changePassword')}
        </Button>
        <Button onClick={onDone}>{say('access.back')}</Button>
      </div>
      <Refused failure={failureOf(change)} />
      {change.state === 'done' && <output>{say('access.changed')}</output>}
    </form>
  )
}
