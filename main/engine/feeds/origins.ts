import type { ScrapeTarget } from '../../sources/exposition/index.ts'

/** How many targets each address serves, for the number of connections to it. */
export function countOrigins(targets: readonly ScrapeTarget[], counts: Map<string, number>): void {
  counts.clear()
  for (const { url } of targets) {
    const { origin } = new URL(url)
    counts.set(origin, (counts.get(origin) ?? 0) + 1)
  }
}
