interface DistributionProps {
  /** Counts per equal bin, from low to high. */
  readonly histogram: readonly number[]
  /** Of figures that are stale or stand still, dimmed above the others. */
  readonly stale: readonly number[]
}

const HEIGHT = 24

/** How activity spreads over the GPUs: a mean of 50 % may be all at half or half at all. */
export function Distribution({ histogram, stale }: DistributionProps) {
  const all = histogram.map((count, bin) => count + (stale[bin] ?? 0))
  const most = Math.max(1, ...all)
  const width = 100 / histogram.length
  const bar = (count: number, bin: number): string => {
    // A bin that holds anything is seen, also beside one that holds nearly all.
    const height = count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT)
    return `M${bin * width + 0.4} ${HEIGHT}v${-height}h${width - 0.8}v${height}z`
  }
  const dimmed = all.map((count, bin) => ((stale[bin] ?? 0) === 0 ? '' : bar(count, bin)))
  return (
    <svg className="distribution" viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="distribution-stale" d={dimmed.join('')} />
      <path d={histogram.map(bar).join('')} />
    </svg>
  )
}
