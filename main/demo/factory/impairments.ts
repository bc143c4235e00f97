/** What can be wrong with a board itself, as bits; faults of an exporter are none of the factory's business. */
export const IMPAIRMENT = {
  /** Hot air at its heat sink. */
  heat: 0x1,
  /** Its kernels wait for a peer that never answers. */
  deadlock: 0x2,
  /** Nothing runs on it: its process was ended or it waits for a reset. */
  stopped: 0x4,
  /** Its server works at a crawl: a link or a library that fell back to its slow path. */
  slow: 0x8,
} as const
