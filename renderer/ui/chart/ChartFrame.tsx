import { type ReactNode, useId } from 'react'
import './chart.css'

interface ChartFrameProps {
  readonly title: string
  /** The figure that the chart ends in, or several. */
  readonly figure?: ReactNode
  /** Choices such as the time span. */
  readonly controls?: ReactNode
  /** Where it comes from and what is missing: "Prometheus · one point per 15 s". */
  readonly note?: ReactNode
  readonly children: ReactNode
}

/** Title, figure, chart and origin, always in this order. The children are a chart or an empty state. */
export function ChartFrame({ title, figure, controls, note, children }: ChartFrameProps) {
  const heading = useId()
  return (
    <section className="chart-frame" aria-labelledby={heading}>
      <header className="chart-head">
        <h3 id={heading} className="chart-title">
          {title}
        </h3>
        {figure}
        {controls !== undefined && <div className="chart-controls">{controls}</div>}
      </header>
      {children}
      {note !== undefined && <p className="chart-note">{note}</p>}
    </section>
  )
}
