import type { ActCommandName, CommandName } from '../contract/contract.ts'
import type { PersonRole } from './person.ts'

/** The least role that a command takes; `anyone` takes no person at all, as signing in does. */
export type Right = PersonRole | 'anyone'

/**
 * Who may do what: the one table of it, which the engine holds every command against before its handler. A command that
 * acts and has no entry does not compile; a command that only reads takes no person, unless it stands here.
 */
export const RIGHTS: Readonly<
  Record<ActCommandName, Right> & Partial<Record<Exclude<CommandName, ActCommandName>, PersonRole>>
> = {
  'config.apply': 'administrator',
  'setup.test': 'administrator',
  'setup.save': 'administrator',
  'setup.demo': 'administrator',
}

export function rightOf(command: CommandName): Right {
  return RIGHTS[command] ?? 'anyone'
}
