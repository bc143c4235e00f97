/** The tokens view. */
export const tokens = {
  'tokens.waiting': 'Waiting for the first figures of the metering.',
  'tokens.key.time': 'Chart: move through time',
  'tokens.key.layer': 'Chart: move from layer to layer',
  'tokens.key.edge': 'Chart: oldest or newest point',
  'tokens.key.next': 'List: next or previous name',
  'tokens.key.page': 'List: eight names down or up',
  'tokens.key.filter': 'Filter by it, or remove the filter',
} as const
