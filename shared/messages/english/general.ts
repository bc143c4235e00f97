/** What texts of every subject are made of. */
export const general = {
  /** Words of somebody else, or a name, where a message is asked for. */
  'general.said': '{text}',
} as const
