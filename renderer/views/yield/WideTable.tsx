import type { ReactNode } from 'react'

/** A table that may be wider than a narrow screen: it takes the focus, and the arrow keys scroll it. */
export function WideTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    // What scrolls has to be reached by keyboard, though nothing in it is pressed.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="yield-scroll" tabIndex={0} aria-label={label}>
      <table className="yield-table">{children}</table>
    </section>
  )
}
