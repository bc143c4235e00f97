import type { TokenOrigin } from '../../../shared/contract/tokens.ts'

export const NO_METERING = {
  text: 'No token metering is configured, so nobody counts tokens for this console.',
  nextStep: 'Add metering: with the address of your metering to floorwatch.yaml (docs/configuration.md).',
} as const

/** What is said of tokens where no metering is configured. */
export function originOfNone(lagAllowedMs: number): TokenOrigin {
  return {
    state: 'none',
    name: '',
    ...NO_METERING,
    dataAsOf: null,
    lagAllowedMs,
    missing: [],
    lacks: [],
    corrections: [],
  }
}
