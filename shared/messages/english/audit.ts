/** The audit: who did what. */
export const audit = {
  'audit.broken.unreadable': 'It is not in the form that Floorwatch writes.',
  'audit.broken.changed': 'It was changed: its content does not have its hash.',
  'audit.broken.unlinked': 'It does not follow the entry before it: one of the two was replaced.',
  'audit.broken.missing': 'It is missing: one or more entries were left out here.',
  'audit.broken.reordered': 'Another entry stands in its place: entries were put elsewhere or doubled.',
  'audit.broken.truncated': 'It is missing: the chain ends before the end that was kept.',
  'audit.broken.otherHead':
    'It is another one than the end that was kept: the chain was written again or begun again.',

  'audit.cli.site': 'Audit of {site}, from entry {first, number} on.',
  'audit.cli.whole': 'The chain is whole: {entries, plural, one {# entry} other {# entries}}.',
  'audit.cli.head': 'Its end: {head}',
  'audit.cli.known': 'The ends that were kept are in it.',
  'audit.cli.unknown':
    'Whether newer entries were cut off, or all of it was written again, shows only an end that was kept elsewhere: --head.',
  'audit.cli.empty': 'There is no entry in it.',
  'audit.cli.noAudit':
    '{file} is not an audit that Floorwatch exported: its first line was changed or is missing.',
  'audit.cli.broken': 'The chain is broken at entry {seq, number}. {how}',
  'audit.cli.until':
    '{entries, plural, one {One entry before it is} other {# entries before it are}} in order.',
} as const
