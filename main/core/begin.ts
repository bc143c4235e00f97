/** When a finding began. What was there when this console first looked began then or before: its start is no fault's. */
export interface Begin {
  /** ms. */
  readonly at: number
  readonly atLeast: boolean
}

/** Some figures are asked only every minute or so: what is seen this soon may have been there all the time, ms. */
export const FIRST_LOOK_MS = 60_000
