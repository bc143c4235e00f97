import type { View } from '../../state/navigation.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { useExplanation } from '../../ui/tooltip/registry.ts'
import { ViewIcon } from './icons.tsx'
import { VIEW_ENTRIES } from './views.ts'
import './rail.css'

interface RailProps {
  readonly current: View
  readonly onPalette: () => void
  readonly onKeyMap: () => void
}

export function Rail({ current, onPalette, onKeyMap }: RailProps) {
  return (
    <nav className="rail" aria-label="Views">
      {VIEW_ENTRIES.map(({ view, title, letter }) => (
        <RailLink key={view} view={view} title={title} letter={letter} current={view === current} />
      ))}
      <div className="rail-foot">
        <RailButton label="Command palette (Ctrl K)" onClick={onPalette}>
          <Glyph name="search" />
        </RailButton>
        <RailButton label="Keys (?)" onClick={onKeyMap}>
          ?
        </RailButton>
      </div>
    </nav>
  )
}

interface RailLinkProps {
  readonly view: View
  readonly title: string
  readonly letter: string
  readonly current: boolean
}

function RailLink({ view, title, letter, current }: RailLinkProps) {
  const explain = useExplanation(() => `${title} (g ${letter})`)
  return (
    <a
      ref={explain}
      className="rail-link"
      href={`#/${view}`}
      aria-label={title}
      aria-keyshortcuts={`g ${letter}`}
      aria-current={current ? 'page' : undefined}
    >
      <ViewIcon view={view} />
      <span className="rail-letter" aria-hidden="true">
        {letter.toUpperCase()}
      </span>
    </a>
  )
}

function RailButton(props: { label: string; onClick: () => void; children: React.ReactNode }) {
  const explain = useExplanation(() => props.label)
  return (
    <button
      ref={explain}
      type="button"
      className="rail-button"
      aria-label={props.label}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  )
}
