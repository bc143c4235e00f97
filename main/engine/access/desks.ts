import { userInfo } from 'node:os'
import { message } from '../../../shared/messages/message.ts'
import { MOST_NAME, type Person } from '../../../shared/model/person.ts'
import type { Desk, ScreenOrigin } from '../session/desk.ts'

/** A window or a test that has its line to the engine within this machine, not over a network. */
export const OWN_WINDOW: ScreenOrigin = {
  console: 'window on this machine',
  address: '',
  holder: 'own window',
  ownMachine: true,
}

const ELSEWHERE: ScreenOrigin = {
  console: 'somewhere else',
  address: 'elsewhere',
  holder: 'elsewhere',
  ownMachine: false,
}

export interface DesksOptions {
  /** Whether the site is the demo factory, where one person stands ready. */
  readonly isDemo: () => boolean
}

/** Who may act at which screen. */
export interface Desks {
  open(origin?: ScreenOrigin): Desk
}

const ON_CALL_OF_THE_DEMO: Person = { id: 'demo-m-ortiz', name: 'M. Ortiz', role: 'administrator' }

/**
 * Whoever runs the engine can do everything with it already: its files, its configuration and its memory are theirs. So
 * a console that only they can have opened acts for them, as administrator. A console elsewhere never does.
 */
export function createDesks({ isDemo }: DesksOptions): Desks {
  const owner: Person = { id: 'owner', name: userName(), role: 'administrator' }
  return {
    open: (origin = ELSEWHERE) => ({
      origin,
      person() {
        if (origin.ownMachine) return isDemo() ? ON_CALL_OF_THE_DEMO : owner
        return { why: message('access.why.remote'), nextStep: message('access.why.remote.next') }
      },
    }),
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
