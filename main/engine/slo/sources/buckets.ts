import type { MinuteBucket } from '../../../../shared/model/objective.ts'
import type { Minute } from '../../../core/slo/index.ts'

/** A minute with what was measured of it, said. */
export function bucketed(minute: Minute): MinuteBucket {
  const total = minute.good + minute.bad
  return { ...minute, total, measured: minute.known <= 0 ? 'unmeasured' : total > 0 ? 'measured' : 'idle' }
}
