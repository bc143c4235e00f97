import { GLYPHS, type GlyphName } from './glyphs.ts'
import './glyph.css'

interface GlyphProps {
  readonly name: GlyphName
  /** Spoken instead of the shape; leave it out where a word stands beside it. */
  readonly label?: string
}

/** A state as a shape in the colour of its meaning, as tall as the text around it. */
export function Glyph({ name, label }: GlyphProps) {
  const { path, draw } = GLYPHS[name]
  const spoken = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label }
  return (
    <svg className={`glyph glyph-${name}`} viewBox="0 0 12 12" focusable="false" {...spoken}>
      <path
        d={path}
        className={draw === 'stroke' ? 'glyph-line' : 'glyph-area'}
        fillRule={draw === 'even' ? 'evenodd' : 'nonzero'}
      />
    </svg>
  )
}
