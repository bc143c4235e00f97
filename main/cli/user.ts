import { userInfo } from 'node:os'
import { say } from '../../shared/messages/format.ts'
import { message } from '../../shared/messages/message.ts'
import type { PersonRole } from '../../shared/model/person.ts'
import { type Account, AccountBook, type IssuedCode } from '../access/index.ts'
import { createAudit } from '../audit/index.ts'
import { loadConfig } from '../config/load.ts'
import { locateConfig, type LocatePlaces, placesHere, userStateFolder } from '../config/locate.ts'
import { systemClock } from '../platform/clock.ts'
import { printable } from '../platform/foreignText.ts'
import { createLogger } from '../platform/logger.ts'
import { openBeside, siteFolder } from '../store/index.ts'
import type { Output } from './surroundings.ts'
import { UsageError } from './usageError.ts'

export interface UserSite {
  readonly config: string | null
  readonly demo: boolean
  /** Null: the person's own state folder. */
  readonly state: string | null
}

export type UserArguments =
  | { readonly action: 'list'; readonly site: UserSite }
  | {
      readonly action: 'add'
      readonly login: string
      readonly name: string
      readonly role: PersonRole
      readonly site: UserSite
    }
  | { readonly action: 'role'; readonly login: string; readonly role: PersonRole; readonly site: UserSite }
  | { readonly action: 'disable' | 'enable' | 'password'; readonly login: string; readonly site: UserSite }

/**
 * `floorwatch user`: who may sign in at a site. Whoever can write its files may; a running engine follows at once.
 * @returns the exit code
 * @throws AccessRefusal, StoreFailure, ConfigError
 */
export async function user(asked: UserArguments, output: Output): Promise<number> {
  const places = placesHere()
  const name = asked.site.demo ? 'demo' : await siteName(asked.site.config, places)
  const clock = systemClock
  const store = openBeside({
    folder: siteFolder(asked.site.state ?? userStateFolder(places), name),
    clock,
    logger: createLogger({ level: 'silent' }),
  })
  try {
    const audit = createAudit({ store: () => store, clock })
    const accounts = new AccountBook({ store: () => store, audit, clock })
    for (const line of perform(asked, accounts)) output.out(line)
    return 0
  } finally {
    store.close()
  }
}

function perform(asked: UserArguments, accounts: AccountBook): string[] {
  const by = { actor: { system: 'terminal' }, origin: `terminal of ${userName()}` }
  switch (asked.action) {
    case 'list':
      return listing(accounts.list())
    case 'add':
      return codeLines(accounts.add(by, asked))
    case 'password':
      return codeLines(accounts.newCode(by, asked.login))
    case 'role':
      return [changed(accounts.setRole(by, asked.login, asked.role))]
    default:
      return [changed(accounts.setDisabled(by, asked.login, asked.action === 'disable'))]
  }
}

/** Accounts belong to a site by its name, as all that its engine keeps. */
async function siteName(config: string | null, places: LocatePlaces): Promise<string> {
  const path = locateConfig(config ?? undefined, places)
  if (path === null) throw new UsageError('user: there is no configuration yet. Name one with --config FILE.')
  return (await loadConfig(path)).site.name
}

function codeLines({ account, code, until }: IssuedCode): string[] {
  return [
    say('access.cli.code', { name: printable(account.name), login: account.login }),
    `  ${code}`,
    say('access.cli.code.next', { until: minute(until) }),
  ]
}

function changed({ name, login, role, disabled }: Account): string {
  return say(disabled ? 'access.cli.disabled' : 'access.cli.changed', {
    name: printable(name),
    login,
    role: message(`access.role.${role}`),
  })
}

function listing(accounts: readonly Account[]): string[] {
  if (accounts.length === 0) return [say('access.cli.none')]
  const heads = ['user', 'name', 'role', 'state', 'last sign-in (UTC)']
  const rows = accounts.map((account) => [
    account.login,
    printable(account.name),
    say(`access.role.${account.role}`),
    stateOf(account),
    account.signedInAt === null ? 'never' : minute(account.signedInAt),
  ])
  const table = [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function stateOf({ disabled, passwordAt, codeUntil }: Account): string {
  if (disabled) return 'disabled'
  if (codeUntil !== null) return `code until ${minute(codeUntil)}`
  return passwordAt === null ? 'no password' : 'active'
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'this machine'
  }
}
