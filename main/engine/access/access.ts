import { userInfo } from 'node:os'
import { message } from '../../../shared/messages/message.ts'
import { MOST_NAME, type Person } from '../../../shared/model/person.ts'
import { AccountBook, Passwords, type SignInLimits, SignIns, type SignInState } from '../../access/index.ts'
import type { Audit } from '../../audit/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Store } from '../../store/index.ts'
import { type Desk, ELSEWHERE, type NoPerson, type ScreenOrigin } from '../session/desk.ts'

export interface AccessOptions {
  readonly store: () => Store
  readonly audit: Audit
  readonly clock: Clock
  readonly logger: Logger
  /** Whether the site is the demo factory, where one person stands ready. */
  readonly isDemo: () => boolean
  readonly watchesSite: () => boolean
  readonly limits?: SignInLimits
  readonly passwords?: Passwords
}

/** A screen that is attached. */
export interface AttachedScreen {
  /** Never given twice. */
  readonly id: number
  readonly role: 'console' | 'wall'
  readonly origin: ScreenOrigin
  /** Wall clock, ms. */
  readonly since: number
}

/** Who is at which screen, and who may be. */
export interface Access {
  readonly signIns: SignIns
  readonly accounts: AccountBook
  readonly attached: ReadonlySet<AttachedScreen>
  /** The place of a screen that was attached; `close` when it goes away. */
  open(role: 'console' | 'wall', origin?: ScreenOrigin): { readonly desk: Desk; close(): void }
}

const ON_CALL_OF_THE_DEMO: Person = { id: 'demo-m-ortiz', name: 'M. Ortiz', role: 'administrator' }

/**
 * Whoever runs the engine can do everything with it already: its files, its configuration and its memory are theirs. So
 * while there are no accounts, a console that only they can have opened acts for them, as administrator. A console
 * elsewhere never does; and with the first account everyone signs in, at the own machine too.
 */
export function createAccess(options: AccessOptions): Access {
  const { store, audit, clock, logger, isDemo, watchesSite, limits, passwords = new Passwords() } = options
  const owner: Person = { id: 'owner', name: userName(), role: 'administrator' }
  const signIns = new SignIns({
    store,
    audit,
    passwords,
    clock,
    logger,
    standing: () => (isDemo() ? ON_CALL_OF_THE_DEMO : owner),
    watchesSite,
    ...(limits === undefined ? {} : { limits }),
  })
  const attached = new Set<AttachedScreen>()
  let count = 0
  return {
    signIns,
    accounts: new AccountBook({ store, audit, clock }),
    attached,
    open(role, origin = ELSEWHERE) {
      count += 1
      const screen = { id: count, role, origin, since: clock.now() }
      attached.add(screen)
      const desk: Desk = { origin, person: () => personOf(signIns.state(origin)) }
      return { desk, close: () => void attached.delete(screen) }
    },
  }
}

function personOf(state: SignInState): Person | NoPerson {
  if (state.kind === 'signedOut') return { why: state.why, nextStep: state.nextStep }
  if (state.kind !== 'locked') return state.person
  return {
    why: message('access.why.locked', { name: state.person.name }),
    nextStep: message('access.why.locked.next'),
  }
}

function userName(): string {
  try {
    return userInfo().username.slice(0, MOST_NAME) || 'owner'
  } catch {
    // A user without an entry in the system's list, as in some containers.
    return 'owner'
  }
}
