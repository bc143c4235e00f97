interface DistributionProps {
  /** Counts per equal bin, from low to high. */
  readonly histogram: readonly number[]
}

const HEIGHT = 24

/** How activity spreads over the GPUs: a mean of 50 % may be all at half or half at all. */
export function Distribution({ histogram }: DistributionProps) {
  const most = Math.max(1, ...histogram)
  const width = 100 / histogram.length
  const bars = histogram.map((count, bin) => {
    // A bin that holds anything is seen, also beside one that holds nearly all.
    const height = count === 0 ? 0 : Math.max(1.5, (count / most) * HEIGHT)
    return `M${bin * width + 0.4} ${HEIGHT}v${-height}h${width - 0.8}v${height}z`
  })
  return (
    <svg className="distribution" viewBox={`0 0 100 ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={bars.join('')} />
    </svg>
  )
}
