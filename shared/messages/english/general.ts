/** What texts of every subject are made of. */
export const general = {
  /** Words of somebody else, or a name, where a message is asked for. */
  'general.said': '{text}',
  /** Behind names: "h-1, h-2 and 12 more". */
  'general.more': '{count, number} more',
} as const
