/** The yield view. */
export const yields = {
  'yields.waiting': 'Waiting for the yield of the factory.',
} as const
