/** Served against metered. */
export const drift = {
  'drift.waiting': 'Waiting for the first comparison.',
} as const
