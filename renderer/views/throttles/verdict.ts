import type { ThrottleVerdict } from '../../../shared/model/throttleProof.ts'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'

const GLYPHS: Readonly<Record<ThrottleVerdict, GlyphName>> = {
  waiting: 'standby',
  applying: 'unknown',
  partial: 'critical',
  failed: 'critical',
  disobeyed: 'critical',
  reported: 'unknown',
  untested: 'standby',
  enforced: 'check',
  released: 'standby',
  expired: 'standby',
}

export function verdictGlyph(verdict: ThrottleVerdict): GlyphName {
  return GLYPHS[verdict]
}

const LOUD: ReadonlySet<ThrottleVerdict> = new Set(['partial', 'failed', 'disobeyed'])

/** Somebody has to look at it now. */
export function isLoud(verdict: ThrottleVerdict): boolean {
  return LOUD.has(verdict)
}
