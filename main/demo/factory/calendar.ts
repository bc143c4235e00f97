/** Where the site's own clock stands: hour of the day with its fraction, and whether it is a weekend. */
export interface LocalTime {
  readonly hour: number
  readonly weekend: boolean
}

const QUARTER_HOUR = 15 * 60_000

/**
 * The local time of a zone. Offsets change on quarter hours at the most, so the zone database is asked once per
 * quarter hour of simulated time.
 * @throws RangeError when the zone is not an IANA name
 */
export function createCalendar(timezone: string): (atMs: number) => LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
  })
  let quarter = Number.NaN
  let startHour = 0
  let weekend = false
  return (atMs) => {
    const current = Math.floor(atMs / QUARTER_HOUR)
    if (current !== quarter) {
      const parts = format.formatToParts(current * QUARTER_HOUR)
      const read = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
      quarter = current
      startHour = Number(read('hour')) + Number(read('minute')) / 60
      weekend = ['Sat', 'Sun'].includes(read('weekday'))
    }
    return { hour: startHour + (atMs - quarter * QUARTER_HOUR) / 3_600_000, weekend }
  }
}

/** The instant nearest to `atMs` on the same local day at which the zone's clock shows `hour`:`minute`. */
export function atLocalTime(atMs: number, timezone: string, hour: number, minute: number): number {
  const local = createCalendar(timezone)(atMs)
  return Math.round((atMs + (hour + minute / 60 - local.hour) * 3_600_000) / 1000) * 1000
}
