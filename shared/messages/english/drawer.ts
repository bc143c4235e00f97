/** Drawers and dialogs. */
export const drawer = {
  'drawer.close': 'Close (Esc)',
  'drawer.action.close': 'Close the drawer',
} as const
