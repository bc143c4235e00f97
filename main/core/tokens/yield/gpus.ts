/** What the metering says of the GPUs of one type, mean over its newest minutes; null where it does not say. */
export type TypeCapacity = Pick<TypeGpus, 'gpuType' | 'allocated' | 'active' | 'watts'> & {
  readonly provisioned: number | null
}

/** The GPUs of one type on the floor, as they are now. */
export interface TypeGpus {
  readonly gpuType: string
  /** Installed, used or not; boards that are missing now included, because they were bought. */
  readonly provisioned: number
  /** Held by a workload; null where no label says which are. */
  readonly allocated: number | null
  /** With work on them; null where too few say it. */
  readonly active: number | null
  /** Power of all of them, W; null where too few say it. */
  readonly watts: number | null
  /** What is estimated or not known, in plain words. */
  readonly notes: readonly string[]
}
