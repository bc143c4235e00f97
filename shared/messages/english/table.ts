/** Every table. */
export const table = {
  'table.key.next': 'Next row',
  'table.key.previous': 'Previous row',
  'table.key.page': 'Page down or up',
  'table.key.edge': 'First or last row',
  'table.key.open': 'Open the selected row',
  'table.held':
    'Order held while the pointer is here; {pending, plural, one {# row has} other {# rows have}} moved.',
} as const
