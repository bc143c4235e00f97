import type { ReactNode, Ref } from 'react'
import { Glyph } from '../glyph/Glyph.tsx'
import type { GlyphName } from '../glyph/glyphs.ts'
import { useExplanation } from '../tooltip/registry.ts'
import './form.css'

interface ButtonProps {
  readonly children: ReactNode
  readonly onClick?: () => void
  /** One primary action a view at most. */
  readonly kind?: 'primary' | 'plain' | 'quiet'
  readonly type?: 'button' | 'submit'
  /** Why it cannot be pressed. It stays focusable, so that the reason can be read. */
  readonly unavailable?: string | null
  readonly pressed?: boolean
  readonly ref?: Ref<HTMLButtonElement>
}

export function Button(props: ButtonProps) {
  const { children, onClick, kind = 'plain', type = 'button', unavailable = null, pressed, ref } = props
  const explain = useExplanation(unavailable === null ? null : () => unavailable)
  return (
    <button
      ref={(element) => {
        explain(element)
        if (typeof ref === 'function') ref(element)
        else if (ref) ref.current = element
      }}
      type={type}
      className={`button button-${kind}`}
      aria-disabled={unavailable !== null}
      aria-pressed={pressed}
      onClick={(event) => {
        if (unavailable === null) onClick?.()
        else event.preventDefault()
      }}
    >
      {children}
    </button>
  )
}

interface IconButtonProps {
  readonly glyph: GlyphName
  readonly label: string
  readonly onClick: () => void
}

export function IconButton({ glyph, label, onClick }: IconButtonProps) {
  const explain = useExplanation(() => label)
  return (
    <button ref={explain} type="button" className="icon-button" aria-label={label} onClick={onClick}>
      <Glyph name={glyph} />
    </button>
  )
}
