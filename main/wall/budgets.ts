import type { Role } from './tokens.ts'

/**
 * What the screens of one role may use together. Roles share nothing: whatever walls do, an operator's console is
 * admitted, and a hundred consoles leave the walls lit.
 */
export interface RoleBudget {
  /** Open lines. */
  readonly lines: number
  /** Of them, with one cookie, wall address or desktop token. */
  readonly linesPerHolder: number
  /** Console sessions, or wall addresses. */
  readonly sessions: number
  readonly redemptionsPerMinute: number
  /** Of them, with one wall address. */
  readonly redemptionsPerHolder: number
  /** Bytes that wait for slow screens, over all lines. */
  readonly buffered: number
}

export type Budgets = Readonly<Record<Role, RoleBudget>>

const MEBIBYTE = 1024 * 1024

export const DEFAULT_BUDGETS: Budgets = {
  console: {
    lines: 64,
    linesPerHolder: 32,
    sessions: 64,
    redemptionsPerMinute: 60,
    redemptionsPerHolder: 60,
    buffered: 384 * MEBIBYTE,
  },
  wall: {
    lines: 64,
    linesPerHolder: 32,
    sessions: 64,
    redemptionsPerMinute: 240,
    redemptionsPerHolder: 60,
    buffered: 256 * MEBIBYTE,
  },
}
