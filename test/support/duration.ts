const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 }

/**
 * "90s", "10m" or "2h" in ms.
 * @throws RangeError for anything else
 */
export function durationOf(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? []
  if (count === undefined || unit === undefined)
    throw new RangeError(`"${text}" is no duration; write 90s, 10m or 2h`)
  return Number(count) * (UNITS[unit] as number)
}
