import { say } from '../../../shared/messages/format.ts'
const HOUR = 3_600_000

/** Stretches of time up to now, in the order of the switch. */
export const PERIODS = {
  hour: { title: say('jobs.period.hour'), words: say('jobs.period.hour.words'), spanMs: HOUR },
  sixHours: {
    title: say('jobs.period.sixHours'),
    words: say('jobs.period.sixHours.words'),
    spanMs: 6 * HOUR,
  },
  day: { title: say('jobs.period.day'), words: say('jobs.period.day.words'), spanMs: 24 * HOUR },
  week: { title: say('jobs.period.week'), words: say('jobs.period.week.words'), spanMs: 7 * 24 * HOUR },
} as const

export type PeriodName = keyof typeof PERIODS
export const PERIOD_NAMES = ['hour', 'sixHours', 'day', 'week'] as const satisfies readonly PeriodName[]
