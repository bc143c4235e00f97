import { documentedKeys } from '../../ui/keys/documented.ts'

/** Handled by the picture itself while it has the focus; listed so that the key map is complete. */
export const PICTURE_KEYS = documentedKeys('Picture', 'picture', [
  ['ArrowLeft ArrowRight ArrowUp ArrowDown', 'Walk from GPU to GPU'],
  ['Shift+ArrowLeft Shift+ArrowRight Shift+ArrowUp Shift+ArrowDown', 'Move the picture'],
  ['PageUp PageDown', 'To the floor above or below'],
  ['Home End', 'First or last GPU'],
  ['.', 'Next abnormal GPU'],
  [',', 'Previous abnormal GPU'],
  ['Enter', 'Open the GPU'],
  ['Space', 'Mark for comparison, four at most'],
  ['+ -', 'Nearer or farther'],
  ['z', 'To the next level of detail'],
  ['0', 'The whole floor'],
])

/** The two handles of the scale under the picture. */
export const LEGEND_KEYS = documentedKeys('Scale', 'legend', [
  ['ArrowLeft ArrowRight ArrowUp ArrowDown', 'Move the end of the range'],
  ['Home End', 'To the lowest or highest value'],
  ['Delete Backspace', 'Take the range away'],
])
