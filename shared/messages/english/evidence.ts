/** The dialog that writes evidence of what a tenant used. */
export const evidence = {
  'evidence.saved': '{filename} was handed over to be saved.',
  'evidence.asking': 'Waiting for {elapsed}; a long period may take a minute.',
  'evidence.equal.soFar':
    'So far it matches the bill: {amount} {currency}. One of the two is incomplete or not exact, so this may change; the notes say why.',
  'evidence.equal': 'It matches the bill: {amount} {currency}.',
  'evidence.differs':
    'It does not match the bill: {ours} against {theirs} {currency}, a difference of {difference}.',
  'evidence.differs.soFar':
    'It does not match the bill: {ours} against {theirs} {currency}, a difference of {difference}. One of the two is incomplete or not exact, so this may change; the notes say why.',
  'evidence.title': 'Evidence of what {tenant} used',
  'evidence.json': 'Save as JSON',
  'evidence.csv': 'Save as CSV',
  'evidence.what':
    'Tokens by day, model and GPU type with their prices, and how they compare with the bill. It contains no prompts, because none are ever fetched.',
  'evidence.first': 'First day',
  'evidence.last': 'Last day, included',
  'evidence.lastMonth': 'Last month',
  'evidence.thisMonth': 'This month',
  'evidence.daysOf': 'Time zone of the days',
  'evidence.daysOf.site': 'Days of {zone}',
  'evidence.daysOf.site.hint': 'The site’s days',
  'evidence.daysOf.utc': 'Days of UTC',
  'evidence.daysOf.utc.hint': 'Many bills are split by these',
  'evidence.noBill': 'There is no bill to compare it with.',
  'evidence.days.form': 'Write days as {today}: year, month, day.',
  'evidence.days.order': 'The last day is before the first.',
  'evidence.days.year': 'Choose at most one year.',
  'evidence.days.future': 'The first day is in the future.',
} as const
