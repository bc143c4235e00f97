/** Quotas of a tenant. */
export const quota = {
  'quota.usedOf': '{used} of {limit}',
  'quota.limit': '{name}, limit',
  'quota.left': '{left} left',
  'quota.left.label': '{name}, left',
  'quota.resets': 'resets {when}',
  'quota.usedUp': 'used up',
  'quota.lasts': 'lasts',
  'quota.ago': '{span} ago',
  'quota.in': 'in {span}',
  'quota.timeToExhaustion': 'Time to exhaustion',
  'quota.lasts.why': 'At the present rate it is not used up before its reset.',
  'quota.usedUp.why':
    'It is used up: further requests are rejected or billed as overage, depending on the contract.',
  'quota.usedUp.at': 'Used up at the present rate {when}: {instant}.',
  'quota.title': 'Quotas',
  'quota.used': '{name}, used',
  'quota.zero': 'Its limit is 0 and nothing was used, so there is no share.',
  'quota.runsOut': 'runs out in {time}',
  'quota.untilReset': '{time} until its reset',
  'quota.end': '{time}',
} as const
