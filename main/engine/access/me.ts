import type { Me, Present } from '../../../shared/contract/access.ts'
import { message } from '../../../shared/messages/message.ts'
import type { SignInState } from '../../access/index.ts'
import type { ScreenOrigin } from '../session/desk.ts'
import type { Access, AttachedScreen } from './access.ts'

const NOTHING = {
  person: null,
  login: null,
  why: null,
  nextStep: null,
  offered: null,
  since: null,
  endsAt: null,
}

/** Who acts at a console, as it is told. */
export function meOf({ signIns, accounts }: Access, origin: ScreenOrigin): Me {
  const state = signIns.state(origin)
  const count = accounts.count()
  const base = { ...NOTHING, console: origin.console, accounts: count === null ? null : count > 0 }
  if (state.kind === 'signedIn')
    return { ...base, state: state.kind, ...pick(state), since: Math.round(state.since / 1000) * 1000 }
  if (state.kind === 'standing') return { ...base, state: state.kind, person: state.person }
  if (state.kind === 'locked') {
    const why = message('access.why.locked', { name: state.person.name })
    return { ...base, state: state.kind, ...pick(state), why, nextStep: message('access.why.locked.next') }
  }
  return { ...base, state: state.kind, why: state.why, nextStep: state.nextStep, offered: state.offered }
}

/** Times to the second, so that the same state is the same item. */
function pick({ person, login, endsAt }: Extract<SignInState, { login: string }>) {
  return { person, login, endsAt: Math.round(endsAt / 1000) * 1000 }
}

const MOST_LISTED = 64

export function presentOf({ signIns, attached }: Access, own: ScreenOrigin): Present {
  const consoles = [...attached].filter(({ role }) => role === 'console')
  return {
    consoles: consoles.slice(0, MOST_LISTED).map(({ id, origin, since }: AttachedScreen) => {
      const state = signIns.state(origin)
      const person = state.kind === 'signedOut' ? null : state.person
      return {
        id,
        console: origin.console,
        own: origin.holder === own.holder,
        state: state.kind,
        name: person?.name ?? null,
        role: person?.role ?? null,
        since,
      }
    }),
    more: Math.max(0, consoles.length - MOST_LISTED),
    walls: attached.size - consoles.length,
  }
}
