/** Incidents: what they are called, what happens to them, and their views. */
export const incidents = {
  'incidents.where.rack': 'rack {rack}',
  'incidents.where.floor': 'the whole floor',

  'incidents.title.lost': '{where}: {gpus, plural, =0 {GPUs lost} one {# GPU lost} other {# GPUs lost}}',
  'incidents.title.xid': '{where}: XID errors on {gpus, plural, one {# GPU} other {# GPUs}}',
  'incidents.title.heat': '{where}: {gpus, plural, one {# GPU} other {# GPUs}} too hot',
  'incidents.title.power':
    '{where}: power of {gpus, plural, one {# GPU} other {# GPUs}} limited or beyond its limit',
  'incidents.title.memory': '{where}: memory errors on {gpus, plural, one {# GPU} other {# GPUs}}',
  'incidents.title.figures': '{where}: critical figures of {gpus, plural, one {# GPU} other {# GPUs}}',
  'incidents.title.burn': '{objective} burns its error budget',
  'incidents.title.burnFactor': '{objective} burns its error budget {factor} times too fast',
  'incidents.title.hidden': 'An objective of a tenant burns its error budget',
  'incidents.fact': '{where}: {what}',
  'incidents.fact.measured': '{where}: {what} ({measure})',

  'incidents.unknown.host': '{host} does not answer, or has not answered since the engine was started.',
  'incidents.unknown.hosts':
    '{count} of the hosts concerned, {host} among them, do not answer, or have not answered since the engine was started.',
  'incidents.unknown.gone': '{host} is no longer on the floor, so nothing more is heard of it.',
  'incidents.unknown.floor': 'Nothing is known of the floor yet.',
  'incidents.unknown.source': 'Its source has not been asked since the engine was started.',
  'incidents.unknown.objective': 'The objective is no longer configured, so it is not measured.',
  'incidents.unknown.unmeasured':
    'The objective is not measured now, so whether it still burns is not known.',

  'incidents.entry.opened': 'Opened as P{priority}: {title}',
  'incidents.entry.follows': 'Opened as P{priority}: {title}. The same trouble was {before}.',
  'incidents.entry.spread': 'Spread: {title}',
  'incidents.entry.priority': 'Raised from P{from} to P{to}: {title}',
  'incidents.entry.recovered': 'Recovered: what opened it is over',
  'incidents.entry.returned': 'Back again: {title}',
  'incidents.entry.unknown': 'Whether it lasts is not known: {why}',
  'incidents.entry.known': 'It can be judged again',
  'incidents.entry.acknowledged': 'Acknowledged until it is resolved',
  'incidents.entry.note': 'Note',
  'incidents.entry.assigned': 'Assigned to {name}',
  'incidents.entry.unassigned': 'Unassigned',
  'incidents.entry.resolved': 'Resolved',
  'incidents.entry.expired':
    'Resolved by itself: it has been over for {hours, plural, one {# hour} other {# hours}}',
  'incidents.entry.merged': 'Became part of {into}, which has the same cause',
  'incidents.entry.absorbed': 'Took in {from}, which has the same cause',
  'incidents.entry.reopened': 'Opened again',
  'incidents.entry.sameCause': 'Opened again by the same cause: {title}',

  'incidents.refused.missing': 'There is no incident {id}.',
  'incidents.refused.resolved': '{id} is resolved.',
  'incidents.refused.resolved.next': 'Open it again first.',
  'incidents.refused.notResolved': '{id} is not resolved.',
  'incidents.refused.lasts': '{id} still lasts, so it cannot be resolved.',
  'incidents.refused.lasts.next': 'Acknowledge it; resolve it once it has recovered.',
  'incidents.refused.another': '{other} is of the same cause and not resolved.',
  'incidents.refused.another.next': 'Go on there.',
  'incidents.refused.notWritten': 'Not done, because it could not be written down: {why}',
  'incidents.refused.notWritten.next':
    'See the sources; try again once the records of this site can be written.',
  'incidents.notWritten':
    '{count, plural, one {One incident is} other {# incidents are}} not written down as shown.',
  'incidents.entry.hidden': 'A console tells more.',
  'incidents.refused.look': 'Look at the list of incidents.',
} as const
