/** The command palette: kinds of things, and what to do instead. */
export const palette = {
  'palette.group.gpus': 'GPUs',
  'palette.group.xids': 'XIDs',
  'palette.group.tenants': 'Tenants',
  'palette.group.models': 'Models',
  'palette.group.endpoints': 'Endpoints',
  'palette.group.jobs': 'Jobs',
  'palette.group.hosts': 'Hosts',
  'palette.group.racks': 'Racks',
  'palette.group.findings': 'Findings',
  'palette.group.sources': 'Sources',
  'palette.group.instead': 'Instead',
  'palette.instead.floor': 'Filter the floor by “{query}”',
  'palette.instead.tenants': 'Filter the tenants by “{query}”',
  'palette.instead.sources': 'Look at all sources',
} as const
