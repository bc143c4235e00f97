import type { ConsoleStatus } from '../../../shared/contract/console.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import { say } from '../../../shared/messages/format.ts'

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
    return {
      kind: 'unconfigured',
      word: say('shell.verdict.noSite'),
      reason: say('shell.verdict.noSite.why'),
    }
  }
  const doubt = whyUnknown(status, staleSince, now)
  if (doubt !== null) return { kind: 'unknown', word: say('shell.verdict.unknown'), reason: doubt }
  const { critical, advisory } = status.abnormal
  if (critical > 0 || advisory > 0) {
    return {
      kind: 'abnormal',
      word: say(critical > 0 ? 'shell.verdict.act' : 'shell.verdict.deviates'),
      reason: say('shell.verdict.abnormal.why'),
    }
  }
  return {
    kind: 'ok',
    word: say('shell.verdict.ok'),
    reason: say('shell.verdict.ok.why'),
  }
}

function whyUnknown(status: ConsoleStatus, staleSince: number | null, now: number): string | null {
  if (staleSince !== null) {
    return say('shell.verdict.stale', { elapsed: formatDuration(now - staleSince) })
  }
  if (status.feed.path === 'none') return status.feed.reason
  if (status.newestSampleAt === null) return say('shell.verdict.noSample')
  const age = now - status.newestSampleAt
  if (age > status.tooOldMs) return say('shell.verdict.old', { age: formatDuration(age) })
  if (status.rollCall.present === 0) return say('shell.verdict.noGpu')
  // A part that is well says nothing of the rest; a finding says so as a rule, and is then told instead.
  const { critical, advisory } = status.abnormal
  if (status.partial !== null && critical + advisory === 0)
    return say('shell.verdict.partial', { what: status.partial })
  return null
}
