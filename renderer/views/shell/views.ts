import { say } from '../../../shared/messages/format.ts'
import type { View } from '../../state/navigation.ts'

interface ViewEntry {
  readonly view: View
  readonly title: string
  /** The letter after `g`; it also stands in the rail. */
  readonly letter: string
  readonly keywords: readonly string[]
}

/** The views that exist, in the order of the rail. */
export const VIEW_ENTRIES: readonly ViewEntry[] = [
  entry('floor', 'f'),
  entry('incidents', 'i'),
  entry('tokens', 't'),
  entry('yield', 'y'),
  entry('tenants', 'n'),
  entry('slo', 's'),
  entry('throttles', 'l'),
  entry('audit', 'a'),
  entry('sources', 'h'),
  entry('setup', 'e'),
]

function entry(view: View, letter: string): ViewEntry {
  return {
    view,
    title: say(`shell.view.${view}`),
    letter,
    keywords: say(`shell.view.keywords.${view}`).split(', '),
  }
}
