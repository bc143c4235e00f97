import type { Condition } from './frame.ts'

/** Why a GPU is abnormal, in the words of pictures, cards and the floor's filter. */
export const CONDITION_WORDS: Readonly<Record<Condition, string>> = {
  missing: 'missing at roll-call',
  unexpected: 'not in the inventory',
  stale: 'no fresh sample',
  frozen: 'figures frozen',
  implausible: 'implausible figures',
  xid: 'XID error',
  thermal: 'thermal throttling',
  ecc: 'ECC errors',
  remapFailed: 'row remapping failed',
  slowdown: 'hardware throttling',
  hot: 'too hot',
  identityChanged: 'another board in this slot',
  typeMismatch: 'not the type that was expected',
  busyButIdle: 'busy without drawing power',
  overLimit: 'beyond a limit',
}
