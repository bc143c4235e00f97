import { type FormEvent, useState } from 'react'
import type { Me } from '../../../shared/contract/access.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { useCall } from '../../transport/context.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { TextField } from '../../ui/form/TextField.tsx'
import { failureOf, Refused } from './Refused.tsx'

interface SignInFormProps {
  readonly me: Me
  /** In the place of who is signed in or locked out of here. */
  readonly someoneElse: boolean
  readonly onWish: (wish: 'someoneElse' | 'code') => void
}

/** User name and password; after a lock the password of the same person alone. */
export function SignInForm({ me, someoneElse, onWish }: SignInFormProps) {
  const signIn = useCall('access.signIn')
  const unlock = useCall('access.unlock')
  const resume = useCall('access.resume')
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const locked = me.state === 'locked' && !someoneElse
  const call = locked ? unlock : signIn
  const pending = call.state === 'pending'

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (pending) return
    if (locked) void unlock.run({ password })
    else void signIn.run({ login, password })
    setPassword('')
  }

  return (
    <form className="sign-in-form" onSubmit={submit}>
      {me.why !== null && (
        <p>
          {textOf(me.why)} {me.nextStep !== null && <span className="secondary">{textOf(me.nextStep)}</span>}
        </p>
      )}
      {me.offered !== null && (
        <Button kind="primary" onClick={() => void resume.run({})}>
          {say('access.continueAs', { name: me.offered.name })}
        </Button>
      )}
      {(me.accounts === true || someoneElse) && (
        <>
          {!locked && (
            <TextField
              label={say('access.field.login')}
              value={login}
              onChange={setLogin}
              complete="username"
              firstFocus
            />
          )}
          <TextField
            label={say('access.field.password')}
            value={password}
            onChange={setPassword}
            complete="current-password"
            secret
            firstFocus={locked}
          />
          <div className="sign-in-actions">
            <Button type="submit" kind="primary" unavailable={pending ? say('access.checking') : null}>
              {locked ? say('access.unlock') : say('access.signIn')}
            </Button>
            <Button onClick={() => onWish('code')}>{say('access.useCode')}</Button>
            {locked && <Button onClick={() => onWish('someoneElse')}>{say('access.someoneElse')}</Button>}
          </div>
        </>
      )}
      <Refused failure={failureOf(call)} />
      <Refused failure={failureOf(resume)} />
    </form>
  )
}
