import { say } from '../../../../shared/messages/format.ts'
/** Calendar days: "2026-11-24". */
export interface Days {
  readonly first: string
  readonly last: string
}

const DAY_MS = 86_400_000
const MOST_DAYS = 366

/** The date in a zone. @param ms since the epoch */
export function dateIn(ms: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(ms)
  const part = (name: string) => parts.find(({ type }) => type === name)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

/** The month before the present one, which is the one that is billed. */
export function lastMonth(today: string): Days {
  return { first: monthOf(today, -1, 1), last: monthOf(today, 0, 0) }
}

/** From the first of the month to yesterday, which is complete; today alone on the first. */
export function thisMonth(today: string): Days {
  const first = monthOf(today, 0, 1)
  const yesterday = dateAt(Date.parse(today) - DAY_MS)
  return { first, last: yesterday < first ? today : yesterday }
}

/** What is wrong with a period, in words; null where nothing is. */
export function problemOf({ first, last }: Days, today: string): string | null {
  if (!isDate(first) || !isDate(last)) return say('evidence.days.form', { today })
  if (last < first) return say('evidence.days.order')
  if ((Date.parse(last) - Date.parse(first)) / DAY_MS >= MOST_DAYS) return say('evidence.days.year')
  if (first > today) return say('evidence.days.future')
  return null
}

function isDate(text: string): boolean {
  // A 31st of February would be taken for a day of March.
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && dateAt(Date.parse(text)) === text
  )
}

/** A day of the month that is so many months from that of `today`; day 0 is the last of the month before. */
function monthOf(today: string, offset: number, day: number): string {
  const [year = 0, month = 1] = today.split('-').map(Number)
  return dateAt(Date.UTC(year, month - 1 + offset, day))
}

function dateAt(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
