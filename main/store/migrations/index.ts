import type { Migration } from '../types.ts'
import { migration as incidents } from './0002-incidents.ts'
import { migration as minutes } from './0001-minutes.ts'
import { migration as audit } from './0003-audit.ts'
import { migration as accounts } from './0004-accounts.ts'
import { migration as throttles } from './0005-throttles.ts'
import { migration as knownHosts } from './0008-known-hosts.ts'

/** Every step of the schema. A step stands in a file of its own with its test; its number is never used again. */
export const MIGRATIONS: readonly Migration[] = [minutes, incidents, audit, accounts, throttles, knownHosts]
