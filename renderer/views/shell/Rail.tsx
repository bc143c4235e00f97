import { say } from '../../../shared/messages/format.ts'
import type { View } from '../../state/navigation.ts'
import { setNavigationLook } from '../../state/preferences.ts'
import { Glyph } from '../../ui/glyph/Glyph.tsx'
import { useExplanation } from '../../ui/tooltip/registry.ts'
import { ViewIcon } from './icons.tsx'
import { VIEW_ENTRIES } from './views.ts'
import './rail.css'

interface RailProps {
  readonly current: View
  /** Words beside the icons; without them they stand in the tooltips. */
  readonly labelled: boolean
  readonly onPalette: () => void
  readonly onKeyMap: () => void
}

export function Rail({ current, labelled, onPalette, onKeyMap }: RailProps) {
  return (
    <nav className="rail" aria-label={say('shell.views')} data-labelled={labelled ? '' : undefined}>
      {VIEW_ENTRIES.map(({ view, title, letter }) => (
        <RailLink key={view} view={view} title={title} letter={letter} current={view === current} />
      ))}
      <div className="rail-foot">
        <RailButton label={say('shell.find')} name={say('shell.find.name')} onClick={onPalette}>
          <Glyph name="search" />
        </RailButton>
        <RailButton label={say('shell.keys')} name={say('shell.keys.name')} onClick={onKeyMap}>
          ?
        </RailButton>
        <RailButton
          label={say('shell.labels')}
          name={labelled ? say('shell.labels.hide') : say('shell.labels.show')}
          pressed={labelled}
          onClick={() => setNavigationLook(labelled ? 'icons' : 'labels')}
        >
          {labelled ? '\u00ab' : '\u00bb'}
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
  const explain = useExplanation(() => say('shell.view.withKey', { title, letter }))
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
      <span className="rail-label">{title}</span>
      <span className="rail-letter" aria-hidden="true">
        {letter.toUpperCase()}
      </span>
    </a>
  )
}

interface RailButtonProps {
  readonly label: string
  /** What it is called in full. */
  readonly name: string
  readonly pressed?: boolean
  readonly onClick: () => void
  readonly children: React.ReactNode
}

function RailButton({ label, name, pressed, onClick, children }: RailButtonProps) {
  const explain = useExplanation(() => name)
  return (
    <button
      ref={explain}
      type="button"
      className="rail-button"
      aria-label={name}
      aria-expanded={pressed}
      onClick={onClick}
    >
      <span className="rail-sign" aria-hidden="true">
        {children}
      </span>
      <span className="rail-label" aria-hidden="true">
        {label}
      </span>
    </button>
  )
}
