import type { ReactNode } from 'react'
import { useStaleSince } from '../figure/freshness.ts'
import { LastGood } from '../figure/LastGood.tsx'
import './tile.css'

interface TileProps {
  readonly label: string
  /** One {@link Figure}, or a few that belong together. */
  readonly children: ReactNode
  /** A {@link Sparkline} or a small bar. */
  readonly chart?: ReactNode
  /** What the figure covers: "over 1,020 of 1,024 boards". */
  readonly note?: ReactNode
}

/** One cell of a summary strip. Cells are parted by hairlines, not by boxes. */
export function Tile({ label, children, chart, note }: TileProps) {
  return (
    <section className="tile" aria-label={label}>
      <h3 className="tile-label">{label}</h3>
      <div className="tile-figure">{children}</div>
      {note !== undefined && <div className="tile-note">{note}</div>}
      {chart !== undefined && <div className="tile-chart">{chart}</div>}
    </section>
  )
}

/** A row of tiles of equal weight. */
export function TileStrip({ label, children }: { label: string; children: ReactNode }) {
  const old = useStaleSince() !== null
  return (
    <section className="tile-strip" aria-label={label} data-last-known={old ? '' : undefined}>
      {children}
      <LastGood />
    </section>
  )
}
