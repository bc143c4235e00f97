import { say } from '../../../shared/messages/format.ts'
import type { PlainId } from '../../../shared/messages/message.ts'
import type { Action } from './actions.ts'

/**
 * Keys that a component handles itself while it has the focus, as entries of the key map.
 * @param entries keys as actions have them, several that belong together parted by spaces, and the text of what they do
 */
export function documentedKeys(
  group: string,
  prefix: string,
  entries: readonly (readonly [keys: string, title: PlainId])[],
): readonly Action[] {
  return entries.map(([keys, title]) => ({
    id: `${prefix}.${keys}`,
    title: say(title),
    group,
    keys,
    documentedOnly: true,
    run: () => undefined,
  }))
}
