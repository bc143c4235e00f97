import type { NoisePart } from '../../../../shared/model/noise.ts'

/** What is known of one tenant; rates per second, null where the back end does not say. */
export interface NoiseInput {
  readonly tokensPerSecond: number | null
  /** Of the tokens per second of all tenants, 0–1. */
  readonly share: number | null
  /** Tenants that use anything now: an even share is one over this. */
  readonly tenants: number
  /** Bought rate, tok/s. */
  readonly entitled: number | null
  /** Its own mean over the whole time that is kept, tok/s. */
  readonly baseline: number | null
  readonly requestsPerSecond: number | null
  readonly rejectedPerSecond: number | null
  readonly errorTokensPerSecond: number | null
}

/** So much of the factory for one tenant is as bad as it gets. */
const SHARE_FULL = 0.5
/** Using so many times what was bought. */
const EXCESS_FULL = 4
/** Using so many times its own mean. */
const SURGE_FULL = 4
/** So much of what it asks for rejected. */
const REJECTED_FULL = 0.5
/** So much of its tokens spent on requests that failed. */
const ERRORS_FULL = 0.25
/** Less than this, tok/s, disturbs no other tenant, however it grows. */
export const SMALL_RATE = 100

/** Five parts, each 0 at a tenant that keeps to its own and 1 at one that could hardly be worse, linear between. */
export function noiseParts(input: NoiseInput): Record<NoisePart, number | null> {
  const rate = known(input.tokensPerSecond)
  const rejected = known(input.rejectedPerSecond)
  return {
    share: sharePart(known(input.share), input.tenants),
    excess: excessPart(rate, known(input.entitled)),
    surge: surgePart(rate, known(input.baseline)),
    rejections: partOf(rejected, sumOf(rejected, known(input.requestsPerSecond)), REJECTED_FULL),
    errors: partOf(known(input.errorTokensPerSecond), rate, ERRORS_FULL),
  }
}

/** What came of divisions by nothing is not known. */
export function known(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null
}

export function sumOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b
}

/** The only tenant has everything and disturbs no other. */
function sharePart(share: number | null, tenants: number): number | null {
  if (share === null) return null
  if (tenants <= 1) return 0
  const even = 1 / tenants
  return between(share, even, Math.max(SHARE_FULL, 2 * even))
}

function excessPart(rate: number | null, entitled: number | null): number | null {
  if (rate === null || entitled === null) return null
  if (rate <= entitled || rate < SMALL_RATE) return 0
  return entitled > 0 ? between(rate / entitled, 1, EXCESS_FULL) : 1
}

function surgePart(rate: number | null, baseline: number | null): number | null {
  if (rate === null || baseline === null) return null
  return rate < SMALL_RATE ? 0 : between(rate / Math.max(baseline, SMALL_RATE), 1, SURGE_FULL)
}

/** 0 where nothing happened. */
function partOf(part: number | null, whole: number | null, full: number): number | null {
  if (part === null || whole === null) return null
  return whole > 0 ? between(part / whole, 0, full) : 0
}

/** 0 at `zero` and below, 1 at `full` and above. */
function between(value: number, zero: number, full: number): number {
  if (value <= zero) return 0
  return full <= zero ? 1 : Math.min(1, (value - zero) / (full - zero))
}
