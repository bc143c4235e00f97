/** Every table. */
export const table = {
  'table.key.next': 'Next row',
  'table.key.previous': 'Previous row',
  'table.key.page': 'Page down or up',
  'table.key.edge': 'First or last row',
  'table.key.open': 'Open the selected row',
} as const
