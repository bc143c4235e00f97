import { type FormEvent, useState } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { failureOf, Refused } from './Refused.tsx'

/** With a one-time code a person chooses a password, and is signed in. */
export function CodeForm({ onBack }: { onBack: () => void }) {
  const redeem = useCall('access.redeem')
  const [login, setLogin] = useState('')
  const [code, setCode] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const different = again !== '' && again !== password
  const pending = redeem.state === 'pending'

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!pending && again === password) void redeem.run({ login, code, password })
  }

  return (
    <form className="sign-in-form" onSubmit={submit}>
      <p className="secondary">{say('access.code.what')}</p>
      <TextField
        label={say('access.field.login')}
        value={login}
        onChange={setLogin}
        complete="username"
        firstFocus
      />
      <TextField label={say('access.field.code')} value={code} onChange={setCode} complete="one-time-code" />
      <TextField
        label={say('access.field.newPassword')}
        value={password}
        onChange={setPassword}
        hint={say('access.field.newPassword.hint')}
        complete="new-password"
        secret
      />
      <TextField
        label={say('access.field.again')}
        value={again}
        onChange={setAgain}
        error={different ? say('access.field.different') : null}
        complete="new-password"
        secret
      />
      <div className="sign-in-actions">
        <Button
          type="submit"
          kind="primary"
          unavailable={
            pending ? say('access.checking') : again === password ? null : say('access.field.different')
          }
        >
          {say('access.code.use')}
        </Button>
        <Button onClick={onBack}>{say('access.back')}</Button>
      </div>
      <Refused failure={failureOf(redeem)} />
    </form>
  )
}
