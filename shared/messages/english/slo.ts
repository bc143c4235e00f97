/** Objectives and how they burn. */
export const slo = {
  'slo.owed.latency.timeToFirstToken': 'at least {target} of {scope} start within {threshold}',
  'slo.owed.latency.interToken': 'at least {target} of the tokens of {scope} follow within {threshold}',
  'slo.owed.latency.duration': 'at least {target} of {scope} end within {threshold}',
  'slo.owed.availability': 'at least {target} of {scope} succeed',
  'slo.owed.errorTokens': 'at least {target} of the tokens of {scope} belong to requests that succeed',
  'slo.owed.ratio': 'at least {target} of the events counted by PromQL are good',

  'slo.scope.all': 'all requests',
  'slo.scope.some': 'requests of {names}',

  'slo.why.firing':
    '{burn}× over {long} and {short}: {bad} of {total} were bad in the longer one. It fires above {factor}×.',
  'slo.why.exhaustion': 'At this rate what is left of the budget ({left}) is gone in {time}.',
  'slo.why.gone': 'The budget of {days} d is spent: {bad} of {total} were bad; the target is {target}.',
  'slo.why.pending.long':
    'The last {short} burn {burn}×, the last {long} {longBurn}× so far: it fires above {factor}×.',
  'slo.why.pending.few':
    'It burns {burn}×, but only {bad, plural, one {# event was} other {# events were}} bad; it fires from {least} on.',
  'slo.why.sli': '{ratio} were good in the last 5 min ({bad} of {total} bad); the target is {target}.',
  'slo.why.band': 'Up to {next} it would be {ratio}: the threshold {threshold} lies between two buckets.',
  'slo.why.bucket': 'Bucket used: {used}.',
  'slo.why.idle': 'No traffic in the last {short}. What does not happen is neither good nor bad.',
  'slo.why.resolved': 'Both windows burn more slowly again; the longer windows follow.',
  'slo.why.frozen':
    'Frozen for {time}: too little is known to judge it, so what was said last stands. It neither resolves nor grows.',
  'slo.why.unknown': 'Too little is known to judge it: {coverage} of the last {short}.',
  'slo.why.waiting': 'Nothing is known yet: the first answer is being waited for.',
  'slo.why.young': 'Known for only {time}, so the budget of {days} d covers that time and grows with it.',
  'slo.why.unmeasured':
    'Unmeasured: {time} of the period. Had all of it been bad, {worst} would be left; had all of it been good, {best}.',
  'slo.why.late': 'The newest answer ends {time} ago.',

  'slo.source.prometheus': 'Prometheus at {address}',
  'slo.source.failing': 'The source does not answer: {text}',
  'slo.source.lacks': 'The source cannot tell it: {text}',
  'slo.source.incomplete': 'The newest answer lacks a part, so its minutes count as unmeasured: {what}',
  'slo.source.noBucket':
    'No bucket lies at or below {threshold}, so it cannot be measured. There are: {bounds}.',
  'slo.source.silent': '{silent} of {count, plural, one {# server} other {# servers}} do not answer.',
  'slo.source.noServers': 'No inference server is known in this scope.',
  'slo.source.promql.empty':
    'The expression of {which} brings nothing. Add "or vector(0)" where no series means none.',
  'slo.source.promql.several': 'The expression of {which} brings {count} series, expected one: sum them.',
  'slo.source.promql.more':
    'More events are {which} than there are in all, so these minutes are not counted.',
  'slo.source.missing': 'It takes {section}: in floorwatch.yaml, which is not there.',
  'slo.source.notReported': 'These servers answer requests and report no histogram of this latency.',
  'slo.source.filling': 'The past is being read from the source: {known} of {wanted} so far.',
} as const
