import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { Figure } from '../figure/Figure.tsx'
import { useStaleSince } from '../figure/freshness.ts'
import type { FigureProps } from '../figure/figureProps.ts'
import { Sparkline } from './Sparkline.tsx'
import './ranked.css'

export interface RankedBar {
  readonly name: string
  /** What stands for the name: an empty one still needs words. */
  readonly title: string
  readonly value: number | null
  /** Of the whole, 0 to 1. */
  readonly share: number | null
  readonly spark: readonly (number | null)[] | null
  readonly colour: string | null
  readonly role: 'plain' | 'chosen' | 'leftOut'
}

/** Two significant digits: a narrow column has room for "0.41 %" and "36 %". */
function shareDigits(share: number | null): number {
  if (share === null || share >= 0.0995 || share < 0.000_05) return 0
  return share >= 0.009_95 ? 1 : 2
}

interface RankedBarsProps {
  readonly label: string
  readonly rows: readonly RankedBar[]
  readonly onToggle: (name: string) => void
  /** Unit, age and origin, the same for every row. */
  readonly figure: Omit<FigureProps, 'label' | 'value'>
  /** What lies beyond the rows: "and 488 others". */
  readonly beyond?: ReactNode
}

/** Names with a bar each, longest first. One stop of the Tab key; arrows, j and k walk, Enter or Space chooses. */
export function RankedBars({ label, rows, onToggle, figure, beyond }: RankedBarsProps) {
  const list = useRef<HTMLUListElement>(null)
  const old = useStaleSince() !== null
  const [current, setCurrent] = useState<string | null>(null)
  const most = rows.reduce((high, { value }) => Math.max(high, value ?? 0), 0)
  const stop = rows.some(({ name }) => name === current) ? current : (rows[0]?.name ?? null)

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const at = rows.findIndex(({ name }) => name === stop)
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      PageDown: at + 8,
      PageUp: at - 8,
      Home: 0,
      End: rows.length - 1,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const to = Math.min(Math.max(step, 0), rows.length - 1)
    setCurrent(rows[to]?.name ?? null)
    list.current?.querySelectorAll<HTMLButtonElement>('.ranked-name')[to]?.focus()
  }

  return (
    // The keys belong to the buttons inside; the list only hears them pass.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ul
      ref={list}
      className="ranked"
      aria-label={label}
      data-last-known={old ? '' : undefined}
      onKeyDown={onKey}
    >
      {rows.map((row) => (
        <li key={row.name} className="ranked-row" data-role={row.role}>
          <button
            type="button"
            className="ranked-name"
            title={row.title}
            tabIndex={row.name === stop ? 0 : -1}
            aria-pressed={row.role === 'chosen'}
            onFocus={() => setCurrent(row.name)}
            onClick={() => onToggle(row.name)}
          >
            {row.title}
          </button>
          <span className="ranked-spark">{row.spark !== null && <Sparkline values={row.spark} />}</span>
          <Figure {...figure} label={row.title} value={row.value} align="end" />
          <span className="ranked-share">
            <Figure
              {...figure}
              label={say('chart.share', { name: row.title })}
              value={row.share === null ? null : row.share * 100}
              {...(row.share === null && row.value !== null ? { reason: say('chart.share.none') } : {})}
              unit="%"
              digits={shareDigits(row.share)}
              align="end"
              size="tiny"
            />
          </span>
          <span
            className="ranked-bar"
            aria-hidden="true"
            style={{
              width: `${most > 0 ? ((row.value ?? 0) / most) * 100 : 0}%`,
              ...(row.colour === null ? {} : { background: row.colour }),
            }}
          />
        </li>
      ))}
      {beyond !== undefined && <li className="ranked-beyond">{beyond}</li>}
    </ul>
  )
}
