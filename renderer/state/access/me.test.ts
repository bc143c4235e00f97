import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '../../../shared/contract/access.ts'
import { message } from '../../../shared/messages/message.ts'
import type { Client } from '../../transport/types.ts'
import { followMe, useMe, whyNot } from './me.ts'

const BASE: Me = {
  state: 'signedIn',
  person: { id: 'p', name: 'Ana Lima', role: 'operator' },
  login: 'ana',
  console: 'browser at 10.0.0.7',
  why: null,
  nextStep: null,
  offered: null,
  accounts: true,
  since: null,
  endsAt: null,
}

describe('what a person may do at a console', () => {
  it('goes by the same table as in the engine', () => {
    expect(whyNot(BASE, 'audit.export')).toBeNull()
    expect(whyNot(BASE, 'access.add')).toBe('Only administrators may do this.')
    expect(whyNot(null, 'access.signIn')).toBeNull()
    expect(whyNot(BASE, 'fleet.history')).toBeNull()
  })

  it('is nothing while it is not known who it is, or the console is locked', () => {
    expect(whyNot(null, 'audit.export')).toBe('It is not known yet who is at this console.')
    const locked: Me = {
      ...BASE,
      state: 'locked',
      why: message('access.why.locked', { name: 'Ana Lima' }),
      nextStep: message('access.why.locked.next'),
    }
    expect(whyNot(locked, 'audit.export')).toMatch(/^This console is locked: Ana Lima/)
  })
})

describe('a console at which someone is', () => {
  const call = vi.fn(() => Promise.resolve({}))
  let show: (me: Me) => void = () => undefined
  const client = {
    call,
    open: (_name: string, _params: unknown, listener: (me: Me) => void) => {
      show = listener
      return () => undefined
    },
  } as unknown as Client

  beforeEach(() => {
    call.mockClear()
    useMe.setState({ me: null })
  })

  it('says so once a minute, and only for someone who signed in', () => {
    const stop = followMe(client, window)
    const press = () => window.dispatchEvent(new Event('keydown'))
    press()
    show({ ...BASE, state: 'standing' })
    press()
    expect(call).not.toHaveBeenCalled()
    show(BASE)
    for (let i = 0; i < 5; i++) press()
    expect(call).toHaveBeenCalledTimes(1)
    expect(call).toHaveBeenCalledWith('access.touch', {})
    stop()
  })
})
