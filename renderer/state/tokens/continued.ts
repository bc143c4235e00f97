/** A series of a picture over time: as the contract has it. */
interface Series {
  readonly name: string
  readonly rest: boolean
  readonly values: readonly (number | null)[]
}

export interface Course {
  /** Starts of the steps, ms, ascending. */
  readonly times: readonly number[]
  readonly stepMs: number | null
  readonly series: readonly Series[]
}

/** Where the last point ends of which anything is known, ms; null where nothing is. */
export function knownUntil({ times, stepMs, series }: Course): number | null {
  const last = times.findLastIndex((_, at) => series.some(({ values }) => values[at] != null))
  const time = times[last]
  return time === undefined ? null : time + (stepMs ?? 0)
}

/**
 * The last picture of a metering that does not answer, continued by what the inference servers served since: every
 * layer keeps its place, and who has none of its own since is one of the others.
 * @param fromMs what the metering told of earlier times is left out
 */
export function continued<T extends Course>(metered: Course, served: T, fromMs: number): T {
  const until = knownUntil(metered)
  if (until === null) return served
  const before = metered.times.flatMap((time, at) => (time >= fromMs && time < until ? [at] : []))
  const since = served.times.flatMap((time, at) => (time >= until ? [at] : []))
  if (before.length === 0) return served
  const layers = metered.series.filter(({ rest }) => !rest)
  const named = new Set(layers.map(({ name }) => name))
  const others = served.series.filter(({ rest, name }) => rest || !named.has(name))
  const rest = metered.series.find((one) => one.rest)
  const pick = (values: readonly (number | null)[] | undefined, at: readonly number[], none: number | null) =>
    at.map((index) => (values === undefined ? none : (values[index] ?? null)))
  return {
    ...served,
    times: [
      ...before.map((at) => metered.times[at] as number),
      ...since.map((at) => served.times[at] as number),
    ],
    series: [
      ...layers.map(({ name, values }) => ({
        name,
        rest: false,
        values: [
          ...pick(values, before, null),
          // A name that no server knows may have been used all the same: not known is not 0.
          ...pick(served.series.find((one) => !one.rest && one.name === name)?.values, since, null),
        ],
      })),
      ...(rest === undefined && others.length === 0
        ? []
        : [
            {
              name: '',
              rest: true,
              values: [
                // All were named: there was no one else.
                ...pick(rest?.values, before, 0),
                ...since.map((at) => sumAt(others, at)),
              ],
            },
          ]),
    ],
  }
}

/** Null where one of them is not known; 0 where there are none. */
function sumAt(series: readonly Series[], at: number): number | null {
  return series.reduce<number | null>((sum, { values }) => {
    const value = values[at] ?? null
    return sum === null || value === null ? null : sum + value
  }, 0)
}
