import { say } from '../../../shared/messages/format.ts'
import { documentedKeys } from '../../ui/keys/documented.ts'

/** Handled by the picture itself while it has the focus; listed so that the key map is complete. */
export const PICTURE_KEYS = documentedKeys(say('keys.group.picture'), 'picture', [
  ['ArrowLeft ArrowRight ArrowUp ArrowDown', 'floor.key.walk'],
  ['Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown', 'floor.key.pan'],
  ['PageUp PageDown', 'floor.key.floor'],
  ['Home End', 'floor.key.edge'],
  ['.', 'floor.key.next'],
  [',', 'floor.key.previous'],
  ['Enter', 'floor.key.open'],
  ['Space', 'floor.key.mark'],
  ['+ -', 'floor.key.zoom'],
  ['z', 'floor.key.level'],
  ['0', 'floor.key.fit'],
])

/** The two handles of the scale under the picture. */
export const LEGEND_KEYS = documentedKeys(say('keys.group.scale'), 'legend', [
  ['ArrowLeft ArrowRight ArrowUp ArrowDown', 'floor.key.range'],
  ['Home End', 'floor.key.range.edge'],
  ['Delete Backspace', 'floor.key.range.clear'],
])
