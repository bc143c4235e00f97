/** Calendar days of UTC as a date field writes them: "2026-11-24". */
export interface Days {
  readonly first: string
  readonly last: string
}

const DAY_MS = 86_400_000
const MOST_DAYS = 366

/** The month before the present one, which is the one that is billed. @param now ms */
export function lastMonth(now: number): Days {
  const date = new Date(now)
  const month = (offset: number, day: number) =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, day)).toISOString().slice(0, 10)
  return { first: month(-1, 1), last: month(0, 0) }
}

/** From the first instant of the first day to the last of the last one, or what is wrong with them. */
export function spanOf(
  { first, last }: Days,
  now: number,
): { readonly fromMs: number; readonly toMs: number } | { readonly problem: string } {
  const fromMs = Date.parse(`${first}T00:00:00Z`)
  const toMs = Date.parse(`${last}T00:00:00Z`) + DAY_MS
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs)) return { problem: 'Choose a first and a last day.' }
  if (toMs <= fromMs) return { problem: 'The last day is before the first.' }
  if (toMs - fromMs > MOST_DAYS * DAY_MS) return { problem: 'Choose a year at most.' }
  if (fromMs > now) return { problem: 'The first day has not come yet.' }
  return { fromMs, toMs }
}
