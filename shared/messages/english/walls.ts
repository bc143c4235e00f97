/** What a wall says in the place of what only a console shows. */
export const walls = {
  'walls.address': '(address)',
  'walls.file': '(file)',
  'walls.name': '(name)',
  'walls.console': 'A console tells more.',
  'walls.agreements': 'A wall does not show what was agreed with tenants.',
} as const
