import type { Finding } from '../../../../shared/model/finding.ts'
import type { Limit } from '../figures/limits.ts'

/** Units of one host that have the same thing, or a part of them: what one finding is made of. */
export interface Group {
  readonly kind: Finding['kind']
  readonly host: number
  readonly bit: number
  readonly cause: string
  readonly rule: Limit | null
  severity: number
  units: number[]
}
