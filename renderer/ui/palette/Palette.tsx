import { Command } from 'cmdk'
import { useMemo, useState } from 'react'
import { useModal } from '../dialog/Dialog.tsx'
import { Glyph } from '../glyph/Glyph.tsx'
import { type Action, useRegistry } from '../keys/actions.ts'
import { Keys } from '../keys/KeyMap.tsx'
import { paletteGroups } from './ranking.ts'
import { readRecent, rememberRecent } from './recent.ts'
import './palette.css'

/** Everything that can be done or gone to, found by typing a few letters of it. */
export function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useModal(onClose)
  const [query, setQuery] = useState('')
  const { actions, finders } = useRegistry()
  const groups = useMemo(
    () => paletteGroups(query, actions, finders, readRecent(localStorage)),
    [query, actions, finders],
  )

  function choose(action: Action): void {
    rememberRecent(localStorage, action.id)
    onClose()
    // After the dialog has given the focus back, so that the action may move it.
    queueMicrotask(action.run)
  }

  return (
    // cmdk's own dialog writes a style element, which the content security policy refuses: the browser's is used.
    <dialog ref={dialog} className="dialog palette" aria-label="Command palette">
      <Command label="Command palette" shouldFilter={false} loop>
        <div className="palette-query">
          <Glyph name="search" />
          <Command.Input
            value={query}
            onValueChange={setQuery}
            placeholder="Go to, find, do"
            data-first-focus=""
          />
          <Keys of="Escape" />
        </div>
        <Command.List className="palette-list" label="Matches">
          {groups.length === 0 && (
            <p className="palette-none">
              Nothing matches “{query}”. Try fewer letters, or a host or source name.
            </p>
          )}
          {groups.map((group) => (
            <Command.Group key={group.title} heading={group.title}>
              {group.actions.map((action) => (
                <Command.Item key={action.id} value={action.id} onSelect={() => choose(action)}>
                  <span className="palette-title">{action.title}</span>
                  {action.keys !== undefined && <Keys of={action.keys} />}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </dialog>
  )
}
