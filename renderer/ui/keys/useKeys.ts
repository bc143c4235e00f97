import { useEffect } from 'react'
import { tinykeys } from 'tinykeys'
import { type Action, useRegistry } from './actions.ts'
import { onPressingAgain } from './early.ts'
import { nextEscape } from './escape.ts'
import { isTyping, leaveTextField } from './typing.ts'

/** Listens for the keys of every registered action. Mounted once, at the root. */
export function useKeys(): void {
  useEffect(() => listen(window), [])
}

/**
 * Bound in the moment in which an action is offered, and not with the next render: a key may follow at once.
 * @returns stops it
 */
function listen(page: Window): () => void {
  let bound = ''
  let unbind = (): void => undefined
  const bind = (): void => {
    unbind()
    const bindings = Object.fromEntries(
      bound.split('\n').map((sequence) => [sequence, (event: KeyboardEvent) => press(sequence, event)]),
    )
    unbind = bound === '' ? () => undefined : tinykeys(page, bindings, { ignore })
  }
  const follow = (): void => {
    const { actions } = useRegistry.getState()
    const keys = [...new Set(actions.filter(isBound).map((action) => action.keys ?? ''))]
      .toSorted()
      .join('\n')
    if (keys === bound) return
    bound = keys
    bind()
  }
  follow()
  const leave = useRegistry.subscribe(follow)
  onPressingAgain(bind)
  return () => {
    leave()
    unbind()
    onPressingAgain(() => undefined)
  }
}

function isBound(action: Action): boolean {
  return action.keys !== undefined && action.documentedOnly !== true
}

/** Letters typed into a text are the text's; a chord with Ctrl or ⌘, and Esc, are meant for the console. */
function ignore(event: KeyboardEvent): boolean {
  if (event.isComposing || event.repeat) return true
  if (event.ctrlKey || event.metaKey || event.key === 'Escape') return false
  return isTyping(event)
}

function press(sequence: string, event: KeyboardEvent): void {
  if (event.defaultPrevented) return
  const inDialog = document.querySelector('dialog[open]') !== null
  const able = useRegistry
    .getState()
    .actions.filter((one) => one.keys === sequence && isBound(one) && (!inDialog || one.inDialog === true))
  const action = sequence === 'Escape' ? nextEscape(able) : able.at(-1)
  if (action === undefined) return
  event.preventDefault()
  // A filter that is cleared is left too: the next key is meant for what it had hidden.
  if (action.step === 'filter') leaveTextField()
  action.run()
}
