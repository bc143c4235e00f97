/** Where token figures come from: what is wrong with them, how old they are, and the next step. */
export const origin = {
  'origin.none': 'No token metering is configured, so who used how many tokens is not known.',
  'origin.none.next':
    'Add metering: with the address of your metering to floorwatch.yaml (docs/configuration.md).',
  'origin.failing': '{failure}. The figures are {age} old.',
  'origin.failing.empty': '{failure}. There are no figures yet.',
  'origin.waiting': 'Waiting for the first answer of {source}.',
  'origin.waiting.next': 'It is being asked; nothing to do.',
  'origin.unused': '{source} answers, but has no usage yet.',
  'origin.unused.next': 'Check whether the gateways report to it.',
  /** No newest usage: {reason} is a sentence. */
  'origin.notLive.old': '{reason} The figures are {age} old.',
  'origin.notLive.next': 'Look at the totals by day and month instead.',
  'origin.lagging': 'The newest usage of {source} is {age} old; at most {allowed} is allowed.',
  'origin.lagging.next': 'Check the event pipeline of the metering: events are held up on the way to it.',
  'origin.partial': 'A part of the factory has not reported; real usage is higher than shown.',
  'origin.partial.named': 'Not reported: {missing}; real usage is higher than shown.',
  'origin.partial.next': 'Check what has not reported: its figures come late, or not at all.',
  'origin.doubt': 'Not exact: {doubt}.',
  'origin.doubt.next': 'Treat the figures as an estimate until the metering is fixed.',

  'origin.correction.added': 'Late events added {tokens} to totals that were shown.',
  'origin.correction.removed': 'A correction took {tokens} off totals that were shown.',
  'origin.correction.moved': 'Late events moved tokens between groups; the sum stayed the same.',
} as const
