/** Groups of keys and actions, in the key map and in the palette. */
export const keys = {
  'keys.group.console': 'Console',
  'keys.group.goTo': 'Go to',
  'keys.group.settings': 'Settings',
  'keys.group.floor': 'Floor',
  'keys.group.picture': 'Picture',
  'keys.group.scale': 'Scale',
  'keys.group.list': 'List',
  'keys.group.job': 'Job',
  'keys.group.charts': 'Charts and lists',
} as const
