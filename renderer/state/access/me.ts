import { create } from 'zustand'
import type { Me } from '../../../shared/contract/access.ts'
import type { CommandName } from '../../../shared/contract/contract.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { message } from '../../../shared/messages/message.ts'
import { includesRole } from '../../../shared/model/person.ts'
import { rightOf } from '../../../shared/model/rights.ts'
import type { Client } from '../../transport/types.ts'

interface MeState {
  readonly me: Me | null
  /** The sheet in which a person signs in and out is open. */
  readonly sheet: boolean
}

/** Who acts at this console, as the engine last said. */
export const useMe = create<MeState>(() => ({ me: null, sheet: false }))

export function openSignIn(): void {
  useMe.setState({ sheet: true })
}

export function closeSignIn(): void {
  useMe.setState({ sheet: false })
}

/** The engine locks a console at which no one is; it hears of a person this often at most, ms. */
const TOUCH_EVERY_MS = 60_000
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const

/** Keeps the store in step with the engine, and tells it that the person is there. @returns stops it */
export function followMe(client: Client, page: Window): () => void {
  let touchedAt = Number.NEGATIVE_INFINITY
  const touch = (): void => {
    const now = performance.now()
    if (useMe.getState().me?.state !== 'signedIn' || now - touchedAt < TOUCH_EVERY_MS) return
    touchedAt = now
    // Where it does not arrive the console is locked sooner; the next sign tries again.
    client.call('access.touch', {}).catch(() => undefined)
  }
  const leave = client.open('access.me', {}, (me) =>
    useMe.setState((last) => ({ me, sheet: last.sheet && !hasBegun(last.me, me) })),
  )
  for (const sign of SIGNS) page.addEventListener(sign, touch, { passive: true })
  return () => {
    leave()
    for (const sign of SIGNS) page.removeEventListener(sign, touch)
  }
}

/** Someone signed in, or unlocked the console: the sheet has done its work. */
function hasBegun(before: Me | null, now: Me): boolean {
  if (now.state !== 'signedIn' && now.state !== 'standing') return false
  return before !== null && (before.state !== now.state || before.person?.id !== now.person?.id)
}

/** Why the person at this console cannot do this, in words for a button; null where they can. Unknown counts as no. */
export function whyNot(me: Me | null, command: CommandName): string | null {
  const least = rightOf(command)
  if (least === 'anyone') return null
  if (me === null) return say('access.unknown.me')
  if (me.state !== 'signedIn' && me.state !== 'standing') {
    const why = me.why === null ? '' : textOf(me.why)
    return `${why} ${me.nextStep === null ? '' : textOf(me.nextStep)}`.trim()
  }
  if (me.person !== null && includesRole(me.person.role, least)) return null
  return say('access.mayOnly', { who: message(`access.may.${least}`) })
}

/** Why this cannot be done at this console; see {@link whyNot}. The engine decides: this only spares a refusal. */
export function useWhyNot(command: CommandName): string | null {
  return useMe(({ me }) => whyNot(me, command))
}
