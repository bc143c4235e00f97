import type { View } from '../../state/navigation.ts'

/** Drawn for this rail: racks seen from above, a plug with its line, a wrench's place taken by sliders. */
const PATHS: Record<View, string> = {
  floor: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z',
  sources: 'M12 3v5M8 8h8v4a4 4 0 0 1-8 0zM12 16v5M4 21h16',
  setup: 'M4 7h9M17 7h3M15 4.5v5M4 17h3M11 17h9M9 14.5v5',
}

export function ViewIcon({ view }: { view: View }) {
  return (
    <svg className="rail-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[view]} />
    </svg>
  )
}
