/** The abnormal list, and what a finding adds beside it. */
export const findings = {
  'findings.waiting': 'Waiting for the first evaluation of the floor.',
  'findings.unread': 'not read since {since}',
  'findings.what': 'What',
  'findings.where': 'Where',
  'findings.since': 'Since',
  'findings.by': 'By how much',
  'findings.next': 'Next step',
  'findings.title': 'Abnormal',
  'findings.none': 'Nothing is abnormal.',
  'findings.none.next': 'The list fills by itself; press g h to see the health of the sources.',
  'findings.waiting.next': 'This takes one scrape; the status bar shows which source is awaited.',
} as const
