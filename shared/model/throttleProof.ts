/**
 * What can be said of a throttle, by its three facts together.
 * - `enforced`: stored, reported by all, **and** observed in the traffic. Nothing else earns the word.
 * - `reported`: all gateways report it; the traffic has not shown it yet · `untested`: … and is below it anyway
 * - `partial`: some gateways lag beyond what the back end promises · `failed`: none has it, or the traffic does not obey
 */
export const THROTTLE_VERDICTS = [
  'waiting',
  'applying',
  'partial',
  'failed',
  'disobeyed',
  'reported',
  'untested',
  'enforced',
  'released',
  'expired',
] as const
export type ThrottleVerdict = (typeof THROTTLE_VERDICTS)[number]

/**
 * What the traffic says of a throttle.
 * - `early`: it is in force too short to be judged · `lagging`: the metering does not reach that far yet
 * - `unmeasured`: the metering does not know this usage, or counts no rejections
 * - `untested`: in force, and what is asked for lies below it
 * - `observed`: the rate is within the limit **and** rejections rise beyond their own baseline
 * - `disobeyed`: all gateways report it, and the traffic does not obey
 */
export const OBSERVED_STATES = [
  'early',
  'lagging',
  'unmeasured',
  'untested',
  'observed',
  'disobeyed',
] as const
export type ObservedState = (typeof OBSERVED_STATES)[number]
