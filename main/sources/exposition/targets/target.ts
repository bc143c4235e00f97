/** One endpoint to scrape, as discovery found it. */
export interface ScrapeTarget {
  /** The whole address; identifies the target. Without user info. */
  readonly url: string
  /** `10.0.3.12:9400`: what a person knows it by until it has told its host name. */
  readonly name: string
  /** Labels that discovery attached, `__`-prefixed ones left out. */
  readonly labels: ReadonlyMap<string, string>
}

/** What kind of targets are scraped, for health, texts and next steps. */
export interface TargetKind {
  readonly kind: 'exporter' | 'inference'
  /** "exporter", as in "exporter 10.0.3.12:9400". */
  readonly noun: string
  /** Their section of floorwatch.yaml. */
  readonly section: string
}

export const EXPORTERS: TargetKind = { kind: 'exporter', noun: 'exporter', section: 'exporters' }

/**
 * Where in the interval a target has its turn, from 0 up to 1: spread evenly over the targets and the same after every
 * start, so that neither the network nor the targets see bursts (FNV-1a over the address).
 */
export function phaseOf(url: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < url.length; i++) hash = Math.imul(hash ^ url.charCodeAt(i), 0x01000193)
  return (hash >>> 0) / 2 ** 32
}
