import type { Finding } from '../../../shared/model/finding.ts'
import { useStream } from '../../transport/context.tsx'

export interface Findings {
  /** False before the engine's first judgement. */
  readonly known: boolean
  readonly list: readonly Finding[]
  /** All there are; the list is capped. */
  readonly total: number
  readonly topologyVersion: number
}

const NONE: readonly Finding[] = []

/** What the engine finds abnormal, worst first. */
export function useFindings(): Findings {
  const { item } = useStream('fleet.findings', {})
  return {
    known: item !== undefined,
    list: item?.findings ?? NONE,
    total: item?.total ?? 0,
    topologyVersion: item?.topologyVersion ?? -1,
  }
}
