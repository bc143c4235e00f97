import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { formatDuration } from '../../../shared/model/time.ts'

export interface FloorVerdict {
  readonly kind: 'ok' | 'abnormal' | 'unknown' | 'unconfigured'
  /** Capitals, as the bar prints it. */
  readonly word: string
  /** Why, in a sentence; shown on hover and read out. */
  readonly reason: string
}

/**
 * Is the floor healthy, and can that be believed? OK is said only when fresh samples say so: no news is unknown, and
 * unknown is never green.
 * @param staleSince since when the engine has been silent, null while it is not
 * @param now on the engine's clock
 */
export function floorVerdict(status: ConsoleStatus, staleSince: number | null, now: number): FloorVerdict {
  if (status.mode === 'setup') {
    return { kind: 'unconfigured', word: 'NO SITE', reason: 'No site is connected yet: use the setup view.' }
  }
  const doubt = whyUnknown(status, staleSince, now)
  if (doubt !== null) return { kind: 'unknown', word: 'FLOOR UNKNOWN', reason: doubt }
  const { critical, advisory } = status.abnormal
  if (critical > 0 || advisory > 0) {
    return {
      kind: 'abnormal',
      word: critical > 0 ? 'ACT' : 'DEVIATES',
      reason: 'The abnormal list of the floor view says what, where and since when.',
    }
  }
  return {
    kind: 'ok',
    word: 'FLOOR OK',
    reason: 'Fresh samples, none of them abnormal, and nothing is wrong with what tells them.',
  }
}

function whyUnknown(status: ConsoleStatus, staleSince: number | null, now: number): string | null {
  if (staleSince !== null) {
    return `Nothing has come from the engine for ${formatDuration(now - staleSince)}; what is shown is last known.`
  }
  if (status.feed.path === 'none') return status.feed.reason
  if (status.newestSampleAt === null) return 'No sample has been accepted yet.'
  const age = now - status.newestSampleAt
  if (age > status.tooOldMs) return `The newest sample is ${formatDuration(age)} old.`
  if (status.rollCall.present === 0) return 'No GPU answers.'
  // A part that is well says nothing of the rest; a finding says so as a rule, and is then told instead.
  const { critical, advisory } = status.abnormal
  if (status.partial !== null && critical + advisory === 0) return `Only a part is known: ${status.partial}`
  return null
}
