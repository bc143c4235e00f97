import type { Action } from '../../ui/keys/actions.ts'

/** Handled by the picture itself while it has the focus; listed so that the key map is complete. */
export const PICTURE_KEYS: readonly Action[] = (
  [
    ['ArrowUp', 'Walk from GPU to GPU, with every arrow'],
    ['Shift+ArrowUp', 'Move the picture, with every arrow'],
    ['+', 'Nearer'],
    ['-', 'Farther'],
    ['0', 'The whole floor'],
    ['z', 'To the next level of detail'],
    ['.', 'Next abnormal GPU'],
    [',', 'Abnormal GPU before'],
    ['Space', 'Mark for comparison, four at most'],
    ['Enter', 'Open the GPU'],
  ] as const
).map(([keys, title]) => ({
  id: `picture.${keys}`,
  title,
  group: 'Picture',
  keys,
  documentedOnly: true,
  run: () => undefined,
}))
