/** What served tokens leave out where they stand in for metered ones. */
export const served = {
  'served.none': 'Served tokens are not known: {source}.',
  'served.silent':
    '{silent, plural, one {# of {count, number} servers does not answer; what it serves is left out} other {# of {count, number} servers do not answer; what they serve is left out}}.',
  'served.uncounted': 'Left out, because they do not count tokens: {servers}.',
  'served.notCounted.input': 'Input tokens are not counted by {servers}.',
  'served.notCounted.output': 'Output tokens are not counted by {servers}.',
  'served.notCounted.requests': 'Requests are not counted by {servers}.',
  'served.prefill': 'Read prompts that other servers answer, and are counted there: {servers}.',
  'served.doubt': 'In doubt: {gap}',
  'served.cachedPrice':
    'Served tokens do not distinguish cached input, so spend by type is at the price of fresh input and somewhat too high.',
} as const
