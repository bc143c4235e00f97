import { DIMENSIONS, LATENCY_KINDS, BUCKETS, TOKEN_TYPES } from '../../../../shared/metering/capabilities.ts'
import type { AnswerOf } from '../../../../shared/metering/operations.ts'
import { CELL_MS } from '../../ledger/measures.ts'
import { RETENTION_DAYS } from '../../ledger/ledger.ts'
import { USUAL_LAG } from '../../ledger/metering.ts'
import { THROTTLE_CAPABILITY } from '../throttles/capability.ts'

/** The version of the reference server follows the contract that it implements. */
export const BACKEND = { name: 'Floorwatch reference metering', version: '1.0' } as const

/** A reference has every ability of the contract; what it deliberately lacks is in its throttles. */
export function capabilities(): AnswerOf<'getCapabilities'> {
  return {
    backend: BACKEND,
    minStepSeconds: CELL_MS / 1000,
    // The usual lag, and on average half a step until a step is whole.
    lagSeconds: (USUAL_LAG.least + USUAL_LAG.most) / 2 + CELL_MS / 2000,
    retentionDays: RETENTION_DAYS,
    groups: [...DIMENSIONS, 'key'],
    tokenTypes: [...TOKEN_TYPES],
    errorTokens: true,
    latencyKinds: [...LATENCY_KINDS],
    calendarBuckets: [...BUCKETS],
    workflows: true,
    statements: true,
    events: true,
    throttle: { ...THROTTLE_CAPABILITY },
  }
}
