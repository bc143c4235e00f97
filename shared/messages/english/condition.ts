/** Why a GPU is abnormal, in the words of pictures, cards and the floor's filter. */
export const condition = {
  'condition.missing': 'missing at roll-call',
  'condition.unexpected': 'not in the inventory',
  'condition.stale': 'no fresh sample',
  'condition.frozen': 'figures frozen',
  'condition.implausible': 'implausible figures',
  'condition.xid': 'XID error',
  'condition.thermal': 'thermal throttling',
  'condition.ecc': 'ECC errors',
  'condition.remapFailed': 'row remapping failed',
  'condition.slowdown': 'hardware throttling',
  'condition.hot': 'too hot',
  'condition.identityChanged': 'another board in this slot',
  'condition.typeMismatch': 'not the expected type',
  'condition.busyButIdle': 'busy without drawing power',
  'condition.overLimit': 'beyond a limit',
} as const
