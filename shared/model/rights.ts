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
  // Who signs in is no one yet; whoever locks or signs out does it to their own session.
  'access.signIn': 'anyone',
  'access.redeem': 'anyone',
  'access.unlock': 'anyone',
  'access.resume': 'anyone',
  'access.lock': 'anyone',
  'access.signOut': 'anyone',
  'access.password': 'viewer',
  'access.accounts': 'administrator',
  'access.add': 'administrator',
  'access.role': 'administrator',
  'access.disable': 'administrator',
  'access.code': 'administrator',
  'audit.page': 'viewer',
  'audit.verify': 'viewer',
  'audit.export': 'operator',
  'fleet.dismissHost': 'operator',
  'config.apply': 'administrator',
  'setup.test': 'administrator',
  'setup.save': 'administrator',
  'setup.demo': 'administrator',
  'throttles.preview': 'viewer',
  'throttles.commit': 'onCall',
  'throttles.extend': 'onCall',
  'throttles.tighten': 'onCall',
  'throttles.release': 'onCall',
  'incidents.acknowledge': 'operator',
  'incidents.note': 'operator',
  'incidents.assign': 'operator',
  'incidents.resolve': 'onCall',
  'incidents.reopen': 'onCall',
}

export function rightOf(command: CommandName): Right {
  return RIGHTS[command] ?? 'anyone'
}
