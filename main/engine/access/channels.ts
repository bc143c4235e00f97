import { COMMANDS, STREAMS } from '../../../shared/contract/contract.ts'
import type { AccountRow } from '../../../shared/contract/access.ts'
import type { Account, By, IssuedCode } from '../../access/index.ts'
import { actingPerson, bindCommand, bindStream, type Caller, type OutputChecks } from '../session/bind.ts'
import type { Access } from './access.ts'
import { meOf, presentOf } from './me.ts'

/** Items of the two streams come no oftener than this, ms. */
const ME_MS = 0
const PRESENT_MS = 950

/** How the engine answers everything about people. */
export function accessCommandChannels(access: Access, onChange: () => void) {
  const { signIns, accounts } = access
  /** Screens hear of it with the next cut, which then comes at once. */
  const changed = async (work: Promise<unknown> | void): Promise<Record<string, never>> => {
    try {
      await work
    } finally {
      onChange()
    }
    return {}
  }
  return {
    'access.signIn': bindCommand(COMMANDS['access.signIn'], ({ login, password }, { origin }) =>
      changed(signIns.signIn(origin, login, password)),
    ),
    'access.redeem': bindCommand(COMMANDS['access.redeem'], ({ login, code, password }, { origin }) =>
      changed(signIns.redeem(origin, login, code, password)),
    ),
    'access.signOut': bindCommand(COMMANDS['access.signOut'], async (_, { origin }) =>
      changed(signIns.signOut(origin)),
    ),
    'access.lock': bindCommand(COMMANDS['access.lock'], async (_, { origin }) =>
      changed(signIns.lock(origin)),
    ),
    'access.unlock': bindCommand(COMMANDS['access.unlock'], ({ password }, { origin }) =>
      changed(signIns.unlock(origin, password)),
    ),
    'access.resume': bindCommand(COMMANDS['access.resume'], async (_, { origin }) =>
      changed(signIns.resume(origin)),
    ),
    'access.touch': bindCommand(COMMANDS['access.touch'], async (_, { origin }) => {
      signIns.touch(origin)
      return {}
    }),
    'access.password': bindCommand(COMMANDS['access.password'], ({ current, password }, { origin }) =>
      changed(signIns.changePassword(origin, current, password)),
    ),
    'access.accounts': bindCommand(COMMANDS['access.accounts'], async () => ({
      accounts: accounts.list().map(shown),
    })),
    'access.add': bindCommand(COMMANDS['access.add'], async (wanted, caller) => {
      const issued = accounts.add(by(caller), wanted)
      onChange()
      return codeOf(issued)
    }),
    'access.role': bindCommand(COMMANDS['access.role'], async ({ login, role }, caller) => {
      accounts.setRole(by(caller), login, role)
      return changed()
    }),
    'access.disable': bindCommand(COMMANDS['access.disable'], async ({ login, disabled }, caller) => {
      accounts.setDisabled(by(caller), login, disabled)
      return changed()
    }),
    'access.code': bindCommand(COMMANDS['access.code'], async ({ login }, caller) => {
      const issued = accounts.newCode(by(caller), login)
      onChange()
      return codeOf(issued)
    }),
  }
}

export function accessStreamChannels(access: Access, checks: OutputChecks) {
  return {
    'access.me': bindStream(STREAMS['access.me'], checks, {
      everyMs: ME_MS,
      perHolder: true,
      read: (_params, _role, origin) => meOf(access, origin),
      fingerprint: JSON.stringify,
    }),
    'access.present': bindStream(STREAMS['access.present'], checks, {
      everyMs: PRESENT_MS,
      perHolder: true,
      read: (_params, _role, origin) => presentOf(access, origin),
      fingerprint: JSON.stringify,
    }),
  }
}

function by(caller: Caller): By {
  return { actor: { ...actingPerson(caller) }, origin: caller.origin.console }
}

function codeOf({ account, code, until }: IssuedCode) {
  return { login: account.login, code, until }
}

function shown({ epoch: _epoch, ...account }: Account): AccountRow {
  return account
}
