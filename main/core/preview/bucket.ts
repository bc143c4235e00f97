/**
 * Token buckets as gateways keep them: one minute's budget at most, refilled evenly. All amounts are of one kind
 * (tokens, or requests), all times ms.
 */

const MINUTE_MS = 60_000

/**
 * Which requests a bucket would have let through.
 * @param charged `whole`: a request needs room for all that it asks for; `after`: what it used is charged when it has
 * passed, so that any room at all lets it in
 */
export function admitEach(
  requests: readonly { readonly at: number; readonly amount: number }[],
  perMin: number,
  charged: 'whole' | 'after',
): boolean[] {
  let level = perMin
  let before = requests[0]?.at ?? 0
  return requests.map(({ at, amount }) => {
    level = Math.min(perMin, level + (perMin * Math.max(0, at - before)) / MINUTE_MS)
    before = at
    const passes = charged === 'after' ? level > 0 : amount <= level
    if (passes) level -= amount
    return passes
  })
}

/**
 * How much of each minute's amount a bucket would have let through, where it is known by the minute alone.
 * @param amounts null: not measured; the bucket is then taken as full again, which lets through the most
 * @param within how the amount lies in the minute: spread evenly, or all at one moment
 */
export function admitMinutes(
  amounts: readonly (number | null)[],
  perMin: number,
  within: 'spread' | 'burst',
): (number | null)[] {
  let level = perMin
  return amounts.map((amount) => {
    if (amount === null) {
      level = perMin
      return null
    }
    if (within === 'burst') {
      const admitted = Math.min(amount, level)
      level = Math.min(perMin, level - admitted + perMin)
      return admitted
    }
    const admitted = Math.min(amount, level + perMin)
    level = Math.min(perMin, level + perMin - admitted)
    return admitted
  })
}
