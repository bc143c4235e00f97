import { useState } from 'react'
import type { Me } from '../../../shared/contract/access.ts'
import { say } from '../../../shared/messages/format.ts'
import { formatClock } from '../../../shared/model/time.ts'
import { closeSignIn, useMe } from '../../state/access/me.ts'
import { useCall } from '../../transport/context.tsx'
import { Dialog } from '../../ui/dialog/Dialog.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { CodeForm } from './CodeForm.tsx'
import { failureOf, Refused } from './Refused.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { Present } from './Present.tsx'
import { SignInForm } from './SignInForm.tsx'
import './signIn.css'

type Wish = 'someoneElse' | 'code' | 'password'

/** Who acts at this console: to sign in, to lock, to sign out, and who else is attached. */
export function SignInSheet() {
  const { me, sheet } = useMe()
  if (!sheet || me === null) return null
  return <Sheet key={me.state} me={me} />
}

function Sheet({ me }: { me: Me }) {
  const [wish, setWish] = useState<Wish | null>(null)
  const acts = me.state === 'signedIn' || me.state === 'standing'
  return (
    <Dialog title={titleOf(me, wish)} onClose={closeSignIn}>
      <div className="sign-in">
        {wish === 'code' ? (
          <CodeForm onBack={() => setWish(null)} />
        ) : wish === 'password' ? (
          <PasswordForm onDone={() => setWish(null)} />
        ) : acts && wish === null ? (
          <WhoAmI me={me} onWish={setWish} />
        ) : (
          <SignInForm me={me} someoneElse={wish === 'someoneElse'} onWish={setWish} />
        )}
        <Present />
      </div>
    </Dialog>
  )
}

function titleOf({ state }: Me, wish: Wish | null): string {
  if (wish === 'code') return say('access.sheet.code')
  if (wish === 'password') return say('access.sheet.password')
  if (wish === 'someoneElse' || state === 'signedOut') return say('access.sheet.signIn')
  return state === 'locked' ? say('access.sheet.locked') : say('access.sheet.who')
}

function WhoAmI({ me, onWish }: { me: Me; onWish: (wish: Wish) => void }) {
  const lock = useCall('access.lock')
  const signOut = useCall('access.signOut')
  const { person } = me
  if (person === null) return null
  return (
    <>
      <dl className="sign-in-who">
        <dt>{say('access.sheet.name')}</dt>
        <dd>{person.name}</dd>
        <dt>{say('access.sheet.role')}</dt>
        <dd>
          {say(`access.role.${person.role}`)}
          <div className="secondary">{say(`access.can.${person.role}`)}</div>
        </dd>
        <dt>{say('access.sheet.console')}</dt>
        <dd>{me.console}</dd>
        {me.endsAt !== null && (
          <>
            <dt>{say('access.sheet.until')}</dt>
            <dd>{say('access.sheet.untilUtc', { time: formatClock(me.endsAt) })}</dd>
          </>
        )}
      </dl>
      {me.state === 'standing' && <p className="secondary">{say('access.sheet.standing')}</p>}
      <div className="sign-in-actions">
        {me.state === 'signedIn' && (
          <>
            <Button kind="primary" onClick={() => void lock.run({})}>
              {say('access.lock')}
            </Button>
            <Button onClick={() => onWish('password')}>{say('access.changePassword')}</Button>
          </>
        )}
        {me.accounts === true && (
          <Button onClick={() => onWish('someoneElse')}>{say('access.someoneElse')}</Button>
        )}
        <Button onClick={() => void signOut.run({})}>{say('access.signOut')}</Button>
      </div>
      <Refused failure={failureOf(lock) ?? failureOf(signOut)} />
    </>
  )
}
