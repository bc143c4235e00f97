import type { ReactNode } from 'react'
import { useStaleSince } from '../../ui/figure/freshness.ts'
import { LastGood } from '../../ui/figure/LastGood.tsx'

/** A table that may be wider than a narrow screen: it takes the focus, and the arrow keys scroll it. */
export function WideTable({ label, children }: { label: string; children: ReactNode }) {
  const old = useStaleSince() !== null
  return (
    // What scrolls has to be reached by keyboard, though nothing in it is pressed.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="yield-scroll" tabIndex={0} aria-label={label} data-last-known={old ? '' : undefined}>
      <LastGood />
      <table className="yield-table">{children}</table>
    </section>
  )
}
