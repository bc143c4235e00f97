import { Command } from 'cmdk'
import { useMemo, useState } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { useModal } from '../dialog/Dialog.tsx'
import { Button } from '../form/Button.tsx'
import { Glyph } from '../glyph/Glyph.tsx'
import { type Action, useRegistry } from '../keys/actions.ts'
import { Keys } from '../keys/KeyMap.tsx'
import { paletteGroups } from './ranking.ts'
import { readRecent, rememberRecent } from './recent.ts'
import './palette.css'

interface PaletteProps {
  readonly onClose: () => void
  /** What can be done with a text that nothing is called. */
  readonly otherwise?: (query: string) => readonly Action[]
}

/** Everything that can be done or gone to, found by typing a few letters of it. */
export function Palette({ onClose, otherwise }: PaletteProps) {
  const dialog = useModal(onClose)
  const [query, setQuery] = useState('')
  const { actions, finders } = useRegistry()
  const groups = useMemo(
    () => paletteGroups(query, actions, finders, readRecent(localStorage)),
    [query, actions, finders],
  )

  function choose(action: Action): void {
    const { id, title, group, to = null } = action
    rememberRecent(localStorage, { id, title, group, to })
    onClose()
    // After the dialog has given the focus back, so that the action may move it.
    queueMicrotask(() => {
      if (action.documentedOnly === true) actions.findLast((one) => one.id === 'keys')?.run()
      else if (to === null) action.run()
      else location.hash = to
    })
  }

  const item = (action: Action) => (
    <Command.Item key={action.id} value={action.id} onSelect={() => choose(action)}>
      <span className="palette-title" title={action.title}>
        {action.title}
      </span>
      {action.detail !== undefined && <span className="palette-detail secondary">{action.detail}</span>}
      {action.keys !== undefined && <Keys of={action.keys} />}
    </Command.Item>
  )
  return (
    // cmdk's own dialog writes a style element, which the content security policy refuses: the browser's is used.
    <dialog ref={dialog} className="dialog palette" aria-label={say('palette.title')}>
      <Command label={say('palette.title')} shouldFilter={false} loop>
        <div className="palette-query">
          <Glyph name="search" />
          <Command.Input
            value={query}
            onValueChange={setQuery}
            placeholder={say('palette.placeholder')}
            data-first-focus=""
          />
          <Keys of="Escape" />
        </div>
        <Command.List className="palette-list" label={say('palette.matches')}>
          {groups.map((group) => (
            <Command.Group key={group.title} heading={group.title}>
              {group.actions.map(item)}
              {group.more && <p className="palette-more">{say('palette.more')}</p>}
            </Command.Group>
          ))}
          {groups.length === 0 && (
            <>
              <div className="palette-none" role="status">
                <p>{say('palette.none', { query: query.trim() })}</p>
                <Button kind="quiet" onClick={() => setQuery('')}>
                  {say('palette.clear')}
                </Button>
              </div>
              {otherwise !== undefined && (
                <Command.Group heading={say('palette.group.instead')}>
                  {otherwise(query.trim()).map(item)}
                </Command.Group>
              )}
            </>
          )}
        </Command.List>
      </Command>
    </dialog>
  )
}
