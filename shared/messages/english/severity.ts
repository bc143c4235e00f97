/** How bad it is. */
export const severity = {
  'severity.critical': 'critical',
  'severity.advisory': 'advisory',
  'severity.normal': 'normal',
} as const
