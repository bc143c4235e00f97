/** Rankings of the tokens view. */
export const ranking = {
  'ranking.label': '{what} by {measure}, {range}',
  'ranking.of': '{measure}, {range}',
  'ranking.served': ', served',
  'ranking.asking': 'Asking for {what} over another range',
  'ranking.rest': 'all others with {value}',
  'ranking.rest.label': '{measure} of the others',
  'ranking.label.rate': '{what} by {measure} per second',
  'ranking.others': 'and {n, plural, one {{count} other} other {{count} others}} with {value}',
  'ranking.others.byTokens':
    'and {n, plural, one {{count} other} other {{count} others}} with {value}; listed are the largest by tokens',
  'ranking.others.label': 'Others',
  'ranking.total': '{what} in total',
  'ranking.noAnswer': 'It has not been answered yet.',
  'ranking.more': 'More than the {most} largest: the others come as one sum.',
  'ranking.none': 'No {dimension} used any tokens in this period.',
  'ranking.next.filtered': 'Clear the filters with Esc.',
  'ranking.next': 'Choose a longer range (1 to 7).',
  'ranking.none.served': 'No inference server served any tokens of this in the last minute.',
  'ranking.next.served': 'With inference: in floorwatch.yaml the inference servers can report it.',
  'ranking.next.lacks': 'The notes above list what else this back end cannot report.',
  'ranking.next.sources': 'Source health (g h) shows whether the metering answers.',
} as const
