/** Why an objective burns: who suffers, who causes, and when no tenant does. */
export const cause = {
  'cause.quiet': 'The objective is not burning now, so there is no cause to look for.',
  'cause.tenants':
    '{tenants}: {percent, number}% of the excess load on these servers. It began before the burn.',
  'cause.over':
    'The load that started this, from {tenant}, has ended. A limit would change nothing now; the queue is draining.',
  'cause.capacityLost':
    'No tenant explains it: {now} of usually {usual} servers answer. Limiting a tenant would punish the wrong one; bring servers back.',
  'cause.serversSlow':
    'No tenant explains it: the load is as usual, and the servers get no more done while requests wait. Look for slow servers.',
  'cause.everyoneGrew':
    'No tenant explains it: nearly all have grown together. More capacity helps, a limit on one tenant does not.',
  'cause.entitledGrowth':
    'No tenant exceeds what it bought: the load has grown within entitlements, beyond what these servers can do.',
  'cause.unclear':
    'No cause is clear: neither the load nor the servers have changed enough to explain the burn.',
  'cause.unknown': 'The cause is not known, because too little is measured. No limit is proposed.',
  'cause.unknown.stranger':
    'The cause is not known: much of the new load on these servers belongs to no tenant that the metering names.',
  'cause.unknown.past':
    'Only {minutes, plural, one {# minute} other {# minutes}} before the burn are known, too few to tell what is usual.',
  'cause.unknown.noTenants': 'No usage by tenant is known for the models of this objective.',
  'cause.unknown.usual':
    'Usage was measured in {measured} of {minutes, plural, one {# minute} other {# minutes}} before the burn, too few to tell what is usual.',
  'cause.unknown.now':
    'Usage was measured in {measured} of {minutes, plural, one {# minute} other {# minutes}} since the burn began, too few to tell who grew.',
  'cause.cleared.usual': 'uses no more than usual',
  'cause.cleared.bursts': 'has had as much before the burn, without harm',
  'cause.cleared.common': 'grew no more than the others, who grew by {percent, number}%',
  'cause.cleared.late':
    'grew {minutes, plural, one {# minute} other {# minutes}} after the burn began: it follows, it does not cause',
  'cause.cleared.entitled': 'is within the {tokens, number} tok/min that it bought',
  'cause.change.more': '{percent, number}% more than usual',
  'cause.change.less': '{percent, number}% less than usual',
  'cause.change.same': 'as much as usual',
  'cause.change.new': 'new, with nothing usual to compare',
  'cause.why.load':
    'Metered load on these servers in the {minutes, plural, one {# minute} other {# minutes}} since the burn began: {change}.',
  'cause.why.excess':
    '{percent, number}% of what tenants grew by is beyond their entitlement, their own bursts and what all grew by; that is {ofUsual, number}% of the usual load.',
  'cause.why.done': 'Work that the servers themselves counted: {change}.',
  'cause.why.servers': '{now} servers answer; {usual} are usual.',
  'cause.why.pace': 'Work per running request: {change}.',
  'cause.why.waiting': '{now, number} requests wait; {usual, number} are usual.',
  'cause.why.noServers':
    'The servers of these models are not measured, so a slow or lost server cannot be told.',
  'cause.why.notCompared': 'What servers count could not be compared with what is metered.',
  'cause.why.unaccounted':
    'Servers count more new work than tenants are metered for, by {percent, number}% of the usual load.',
  'cause.why.nameless':
    'Growth of tenants that the back end does not name: {percent, number}% of the usual load.',
  'cause.why.method':
    'Weighed by work, not by requests: a token of a prompt counts {weight} of a token of an answer.',
  'cause.title': 'Who suffers, who causes, and why',
  'cause.looking': 'Looking at the load of the last hours. This takes some seconds.',
  'cause.onset': 'The burn began',
  'cause.why': 'Why it is believed',
  'cause.source': 'computed from the metering’s usage per minute and what the servers count themselves',
  'cause.tenant': 'Tenant',
  'cause.more': '{more, plural, one {# more tenant} other {# more tenants}} with fewer bad events.',
  'cause.proposed': 'Proposed limit:',
  'cause.proposed.now': 'Tokens per minute now',
  'cause.proposed.cap': 'Proposed tokens per minute',
  'cause.proposed.throttle': 'Throttle…',
  'cause.scope.key': 'key',
  'cause.scope.model': 'model',
  'cause.scope.endpoint': 'endpoint',
  'cause.suffers.unknown': 'Not known: the source of this objective does not distinguish tenants.',
  'cause.suffers.none': 'No tenant had a bad event since the burn began.',
  'cause.suffers.share': 'Of all bad',
  'cause.suffers.bad': 'Bad events',
  'cause.suffers.of': '{bad, number} of {total, number} bad',
  'cause.causes.none': 'No tenant has an excess on these servers.',
  'cause.causes.now': 'Now',
  'cause.causes.usual': 'Usual',
  'cause.causes.entitled': 'Entitled',
  'cause.causes.noEntitlement': 'no entitlement is agreed',
  'cause.causes.noOnset': 'not known',
  'cause.causes.since': 'Since, or what clears it',
} as const
