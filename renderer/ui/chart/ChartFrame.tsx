import { type ReactNode, useId } from 'react'
import { useStaleSince } from '../figure/freshness.ts'
import { LastGood } from '../figure/LastGood.tsx'
import './chart.css'

interface ChartFrameProps {
  readonly title: string
  /** The figure that the chart ends in, or several. */
  readonly figure?: ReactNode
  /** Choices such as the time span. */
  readonly controls?: ReactNode
  /** Where it comes from and what is missing: "Prometheus · one point per 15 s". */
  readonly note?: ReactNode
  /** When what is drawn was good, ms; null while it is current as far as the connection goes. */
  readonly goodAt?: number | null
  readonly children: ReactNode
}

/** Title, figure, chart and origin, always in this order. The children are a chart or an empty state. */
export function ChartFrame({ title, figure, controls, note, goodAt = null, children }: ChartFrameProps) {
  const heading = useId()
  const staleSince = useStaleSince()
  const good = goodAt ?? staleSince
  return (
    <section
      className="chart-frame"
      aria-labelledby={heading}
      data-last-known={good === null ? undefined : ''}
    >
      <header className="chart-head">
        <h3 id={heading} className="chart-title">
          {title}
        </h3>
        {figure}
        <LastGood at={good} />
        {controls !== undefined && <div className="chart-controls">{controls}</div>}
      </header>
      {children}
      {note !== undefined && <p className="chart-note">{note}</p>}
    </section>
  )
}
