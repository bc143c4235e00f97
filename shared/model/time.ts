/** Durations, ages and clocks in words. All take ms and ms since the epoch; nothing here reads a clock. */
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const SPACE = '\u2009'

/** "850 ms", "41 s", "4 min 10 s", "2 h 5 min", "3 d 4 h": the two largest units, cut off, never rounded up. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, Math.floor(milliseconds))
  if (ms < SECOND) return `${ms}${SPACE}ms`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}${SPACE}s`
  if (ms < HOUR) return pair(ms, MINUTE, 'min', SECOND, 's')
  if (ms < DAY) return pair(ms, HOUR, 'h', MINUTE, 'min')
  return pair(ms, DAY, 'd', HOUR, 'h')
}

/** One unit is enough to judge an age: "41 s", "4 min", "2 h", "3 d". */
export function formatSpan(milliseconds: number): string {
  const ms = Math.max(0, Math.floor(milliseconds))
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}${SPACE}s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}${SPACE}min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)}${SPACE}h`
  return `${Math.floor(ms / DAY)}${SPACE}d`
}

function pair(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % big) / small)
  const first = `${Math.floor(ms / big)}${SPACE}${bigUnit}`
  return rest === 0 ? first : `${first} ${rest}${SPACE}${smallUnit}`
}

/** Clocks of two machines differ by this much without anybody noticing. */
const SKEW_TOLERATED = 5 * SECOND

/** Relative under an hour, absolute with its zone beyond; an instant ahead of the clock is called that. */
export function formatAge(at: number, now: number, zone = 'UTC'): string {
  const age = now - at
  if (age < -SKEW_TOLERATED) return `${formatSpan(-age)} ahead of the clock`
  if (age < SECOND) return 'now'
  if (age < HOUR) return `${formatSpan(age)} ago`
  return formatInstant(at, zone, now)
}

/** "21:14:07 UTC" on the day of `now`, "23 Nov 2026 21:14 UTC" on any other. */
export function formatInstant(at: number, zone = 'UTC', now: number = at): string {
  const date = formatDate(at, zone)
  if (date === formatDate(now, zone)) return `${formatClock(at, zone)} ${zoneName(at, zone)}`
  return `${date} ${formatClock(at, zone, 'minutes')} ${zoneName(at, zone)}`
}

/** "21:14:07" or "21:14" in the zone; the caller prints {@link zoneName} beside it. */
export function formatClock(at: number, zone = 'UTC', to: 'seconds' | 'minutes' = 'seconds'): string {
  if (!isInstant(at)) return '--:--'
  const text = zoned(zone).clock.format(at)
  return to === 'seconds' ? text : text.slice(0, 5)
}

export function formatDate(at: number, zone = 'UTC'): string {
  return isInstant(at) ? zoned(zone).date.format(at) : 'no date'
}

/** "UTC", "CET", "GMT-5": what to print behind a clock, with daylight saving as of that instant. */
export function zoneName(at: number, zone = 'UTC'): string {
  if (!isInstant(at)) return ''
  const parts = zoned(zone).name.formatToParts(at)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'UTC'
}

export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What a Date can hold; an instant from outside may be any number. */
function isInstant(at: number): boolean {
  return Math.abs(at) <= 8.64e15
}

interface Zoned {
  readonly clock: Intl.DateTimeFormat
  readonly date: Intl.DateTimeFormat
  readonly name: Intl.DateTimeFormat
}
const cache = new Map<string, Zoned>()

/** Formatters cost a millisecond each to build. An unknown zone reads as UTC, and says so through its name. */
function zoned(zone: string): Zoned {
  const found = cache.get(zone)
  if (found) return found
  const timeZone = isTimeZone(zone) ? zone : 'UTC'
  const built: Zoned = {
    clock: new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }),
    date: new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short', year: 'numeric' }),
    name: new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short', hour: '2-digit' }),
  }
  if (cache.size >= 64) cache.clear()
  cache.set(zone, built)
  return built
}
