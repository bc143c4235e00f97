import { useEffect } from 'react'
import { tinykeys } from 'tinykeys'
import { leaveInspection } from '../figure/inspect.ts'
import { type Action, useRegistry } from './actions.ts'
import { isTyping } from './typing.ts'

/** Listens for the keys of every registered action. Mounted once, at the root. */
export function useKeys(): void {
  const actions = useRegistry((registry) => registry.actions)
  const keys = [...new Set(actions.filter(isBound).map((action) => action.keys ?? ''))].toSorted()
  const bound = keys.join('\n')
  useEffect(() => {
    if (bound === '') return undefined
    const bindings = Object.fromEntries(
      bound.split('\n').map((sequence) => [sequence, (event: KeyboardEvent) => press(sequence, event)]),
    )
    return tinykeys(window, bindings, { ignore })
  }, [bound])
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
  // Esc goes back one step at a time: out of the figures first, then out of what the view has open.
  if (sequence === 'Escape' && leaveInspection()) return
  const inDialog = document.querySelector('dialog[open]') !== null
  const { actions } = useRegistry.getState()
  const action = actions.findLast(
    (one) => one.keys === sequence && isBound(one) && (!inDialog || one.inDialog === true),
  )
  if (action === undefined) return
  event.preventDefault()
  action.run()
}
