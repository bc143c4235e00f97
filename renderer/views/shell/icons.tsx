import type { View } from '../../state/navigation.ts'

/**
 * Drawn for this rail: racks seen from above, stacked streams, a scale in balance, several people, a budget that is spent, a written page, a plug with its line,
 * a wrench's place taken by sliders.
 */
const PATHS: Record<View, string> = {
  floor: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z',
  incidents: 'M12 3L22 20H2zM12 9.5v5M12 16.8v.6',
  tokens: 'M3 20h18M3 16c4 0 5-6 9-6s5-5 9-5M3 20c4 0 6-5 9-5s6-3 9-3',
  yield: 'M12 4v16M7 20h10M5 7h14M5 7l-2.5 6a2.6 2.6 0 0 0 5 0zM19 7l-2.5 6a2.6 2.6 0 0 0 5 0z',
  tenants:
    'M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 0 0 0 7zM2.5 20v-1.5a5 5 0 0 1 5-5h3a5 5 0 0 1 5 5V20M16 4.3a3.5 3.5 0 0 1 0 6.4M18 13.8a5 5 0 0 1 3.5 4.7V20',
  slo: 'M3 4v16h18M5 7c5 0 6 3 8 6s4 4 8 4M5 12h16',
  throttles: 'M4 5h16M4 19h16M8 9v6M12 9v6M16 9v6',
  audit: 'M6 3h9l4 4v14H6zM9 11h7M9 15h7M9 7h3',
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
