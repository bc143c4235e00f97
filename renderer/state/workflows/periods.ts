const HOUR = 3_600_000

/** Stretches of time up to now, in the order of the switch. */
export const PERIODS = {
  hour: { title: 'Hour', words: 'the last hour', spanMs: HOUR },
  sixHours: { title: '6 h', words: 'the last 6 h', spanMs: 6 * HOUR },
  day: { title: 'Day', words: 'the last 24 h', spanMs: 24 * HOUR },
  week: { title: 'Week', words: 'the last 7 days', spanMs: 7 * 24 * HOUR },
} as const

export type PeriodName = keyof typeof PERIODS
export const PERIOD_NAMES = ['hour', 'sixHours', 'day', 'week'] as const satisfies readonly PeriodName[]
