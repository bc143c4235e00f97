import type { ReactNode } from 'react'
import './form.css'

interface ChipProps {
  readonly on: boolean
  readonly onToggle: () => void
  readonly children: ReactNode
}

/** A filter that is on or off; several stand side by side. */
export function Chip({ on, onToggle, children }: ChipProps) {
  return (
    <button type="button" className="chip" aria-pressed={on} onClick={onToggle}>
      {children}
    </button>
  )
}
