/** The picture of a job. */
export const icicle = {
  'icicle.role': 'icicle chart',
  'icicle.cell': '{step}, {kind}: {tokens} in total',
  'icicle.cell.deeper':
    '{step}, {kind}: {tokens} in total; {hidden, plural, one {# step is} other {# steps are}} deeper, Enter shows them',
  'icicle.title': 'Where the tokens went',
  'icicle.label': 'Tokens of the steps of {job}',
  'icicle.hint':
    'Arrow keys move from step to step, Enter zooms into a branch, Backspace zooms out of it, 0 shows the whole job. The tree below says the same in words.',
  'icicle.legend':
    'Width is tokens, each row is one level deeper; hatched tokens are wasted. Enter or a double click zooms into a branch.',
  'icicle.branch': 'Branch in sight',
  'icicle.drawn': '{count, plural, one {# step drawn} other {# steps drawn}}',
  'icicle.grouped': '{count} in groups',
  'icicle.deeper': '{count} deeper',
  'icicle.narrow': '{count} too small to see',
  'icicle.rest': 'not explained by any step',
  'icicle.cell.job': '{job}, the whole job: {tokens}',
  'icicle.cell.rest': '{tokens} of the job that no step explains',
  'icicle.cell.group':
    '{steps} next to each other, each too small to be drawn: {tokens} in total; the largest is {largest}',
} as const
