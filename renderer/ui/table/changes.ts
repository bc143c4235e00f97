import { useEffect, useRef, useState } from 'react'

/** How long a change stays marked: long enough to be seen by somebody who reads elsewhere in the table. */
const MARKED_MS = 5000

interface Seen {
  readonly signature: string
  readonly changedAt: number
}

/** @returns what was seen, with the instant of the last change per key; a key seen for the first time has none. */
export function noteChanges<Row>(
  seen: ReadonlyMap<string, Seen>,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  signatureOf: (row: Row) => string,
  now: number,
): Map<string, Seen> {
  const first = seen.size === 0
  const next = new Map<string, Seen>()
  for (const row of rows) {
    const key = keyOf(row)
    const signature = signatureOf(row)
    const before = seen.get(key)
    if (before?.signature === signature) next.set(key, before)
    else next.set(key, { signature, changedAt: first ? Number.NEGATIVE_INFINITY : now })
  }
  return next
}

/** Keys of rows whose signature changed within the last seconds. */
export function useChanged<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  signatureOf: ((row: Row) => string) | undefined,
): ReadonlySet<string> {
  const seen = useRef<ReadonlyMap<string, Seen>>(new Map())
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set())
  // Both are often written in place: only new rows are worth comparing, not new functions.
  const latest = useRef({ keyOf, signatureOf })
  useEffect(() => {
    latest.current = { keyOf, signatureOf }
  })
  useEffect(() => {
    const { keyOf, signatureOf } = latest.current
    if (signatureOf === undefined) return
    const now = performance.now()
    const next = noteChanges(seen.current, rows, keyOf, signatureOf, now)
    seen.current = next
    const marked = [...next].filter(([, { changedAt }]) => now - changedAt < MARKED_MS).map(([key]) => key)
    setChanged((before) =>
      before.size === marked.length && marked.every((key) => before.has(key)) ? before : new Set(marked),
    )
  }, [rows])
  return changed
}
