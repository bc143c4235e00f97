import { field, fieldCode, FIELDS, type FieldId } from '../../../../shared/model/field.ts'
import { CONDITION } from '../../../../shared/model/frame.ts'
import { figureText } from '../../../../shared/model/units.ts'

/** Thresholds of figures, with the band in which a condition holds on, so that a value at its limit does not chatter. */
export interface Limit {
  readonly field: FieldId
  readonly code: number
  readonly advisory: number
  readonly critical: number
  /** Beyond means above; below where the critical limit is the lower one. */
  readonly high: boolean
  /** How far back a value must come before the condition may leave. */
  readonly band: (limit: number) => number
  /** CONDITION bit that it raises. */
  readonly bit: number
}

const CELSIUS_BAND = 2
const RELATIVE_BAND = 0.03

/** Default limits of the fields, replaced by configured ones. */
export function limitsOf(
  configured: Partial<Record<FieldId, { advisory: number; critical: number }>>,
): Limit[] {
  const limits: Limit[] = []
  for (const { id, limits: own } of FIELDS as readonly {
    id: FieldId
    limits?: { advisory: number; critical: number }
  }[]) {
    const chosen = configured[id] ?? own
    if (!chosen) continue
    const celsius = field(id).display.unit === '°C'
    const high = chosen.critical >= chosen.advisory
    limits.push({
      field: id,
      code: fieldCode(id),
      advisory: chosen.advisory,
      critical: chosen.critical,
      high,
      band: celsius ? () => CELSIUS_BAND : (limit) => Math.abs(limit) * RELATIVE_BAND,
      // Too cold is not hot.
      bit: celsius && high ? CONDITION.hot : CONDITION.overLimit,
    })
  }
  return limits
}

/** Whether `value` is at or beyond `limit`, or, with `holding`, not yet a band away from it. */
export function beyond(rule: Limit, value: number, limit: number, holding: boolean): boolean {
  const band = holding ? rule.band(limit) : 0
  return rule.high ? value >= limit - band : value <= limit + band
}

/** The limit that a value is at or beyond: the critical one, or the advisory one. */
export function limitAt(rule: Limit, value: number): number {
  return beyond(rule, value, rule.critical, false) ? rule.critical : rule.advisory
}

/** Stands where a number is not a figure. */
export const NO_FIGURE = '\u2014'

/** A figure as screens print it; a dash where it has no finite value. */
export function fieldText(id: FieldId, value: number): string {
  const { unit, scale, digits } = field(id).display
  // A value can be finite and be too large for its own unit: 1e308 as a ratio has no per cent.
  const shown = value * scale
  return Number.isFinite(shown) ? figureText(shown, { unit, digits }) : NO_FIGURE
}
