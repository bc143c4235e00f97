import { type TenantState } from '../../state/tenants/address.ts'
import { STATE_WORDS } from '../../state/tenants/states.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import type { GlyphName } from '../../ui/glyph/glyphs.ts'

const GLYPHS: Readonly<Record<TenantState, GlyphName | null>> = {
  active: null,
  blocked: 'failing',
  closed: 'absent',
  unlisted: 'unknown',
}

/** The state in a word, with a shape where it is not the usual one. */
export function StateWord({ state }: { state: TenantState }) {
  const glyph = GLYPHS[state]
  const { word, meaning } = STATE_WORDS[state]
  return (
    <span className="tenant-state" data-state={state} title={meaning}>
      {glyph !== null && <Glyph name={glyph} />} {word}
    </span>
  )
}
