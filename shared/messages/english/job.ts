/** The page of one job: its steps as tree and as picture. */
export const job = {
  'job.key.walk': 'Move from step to step; in the tree, expand and collapse',
  'job.key.next': 'Tree: next or previous step',
  'job.key.page': 'Tree: page down or up',
  'job.key.edge': 'First or last step',
  'job.key.openAll': 'Tree: expand all branches on this level',
  'job.key.toggle': 'Expand or collapse the branch',
  'job.key.toggle.tree': 'Tree: expand or collapse the branch',
  'job.key.zoom': 'Picture: zoom into the branch or out of it',
  'job.key.zoom.out': 'Picture: zoom out of the branch',
  'job.key.fit': 'Picture: the whole job',
} as const
