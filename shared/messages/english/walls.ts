/** What a wall says in the place of what only a console shows. */
export const walls = {
  'walls.address': '(address)',
  'walls.file': '(file)',
  'walls.name': '(name)',
  'walls.console': 'A console tells more.',
} as const
