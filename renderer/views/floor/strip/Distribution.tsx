interface DistributionProps {
  /** Counts per equal bin, from low to high. */
  readonly histogram: readonly number[]
}

/** How activity spreads over the GPUs: a mean of 50 % may be all at half or half at all. */
export function Distribution({ histogram }: DistributionProps) {
  const most = Math.max(1, ...histogram)
  const width = 100 / histogram.length
  return (
    <svg className="distribution" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      {histogram.map((count, bin) => {
        // A bin that holds anything is seen, also beside one that holds nearly all.
        const height = count === 0 ? 0 : Math.max(1.5, (count / most) * 24)
        return (
          <rect key={bin * width} x={bin * width + 0.4} y={24 - height} width={width - 0.8} height={height} />
        )
      })}
    </svg>
  )
}
