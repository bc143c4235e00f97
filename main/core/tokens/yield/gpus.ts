/** What the metering says of the GPUs of one type, mean over its newest minutes; null where it does not say. */
export type TypeCapacity = Pick<TypeGpus, 'gpuType' | 'allocated' | 'active' | 'watts'> & {
  readonly provisioned: number | null
}

/** GPUs of one type on the floor; null where it is not known. */
export interface TypeGpus {
  readonly gpuType: string
  /** Installed, used or not. */
  readonly provisioned: number
  /** Held by a workload. */
  readonly allocated: number | null
  /** With work on them. */
  readonly active: number | null
  readonly watts: number | null
  readonly notes: readonly string[]
}
