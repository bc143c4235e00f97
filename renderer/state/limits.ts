import { field, type FieldId } from '../../shared/model/field.ts'
import { useStatus } from './status.ts'

/** In the exporter's unit. A critical limit below the advisory one is a lower limit: low figures are abnormal. */
export interface Limits {
  readonly advisory: number
  readonly critical: number
}

/** The limits that the engine judges a field by: configured ones, else those of the model; null where it has none. */
export function useLimits(id: FieldId): Limits | null {
  const configured = useStatus(({ status }) => status?.thresholds[id])
  return configured ?? field(id).limits ?? null
}

/** Whether low values are the bad ones. */
export function limitsFall({ advisory, critical }: Limits): boolean {
  return critical < advisory
}
