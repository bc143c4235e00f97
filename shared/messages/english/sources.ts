/** The source health view. */
export const sources = {
  'sources.waiting': 'Waiting for the health of the sources.',
} as const
