import { useMemo, useState } from 'react'
import type { IncidentRow } from '../../../shared/contract/incidents.ts'

interface ReadList {
  readonly rows: readonly IncidentRow[]
  /** How many have come since the list is being read. */
  readonly waiting: number
  /** Lets them in. */
  readonly showAll: () => void
}

/**
 * While somebody reads the list (a row is selected) new incidents do not push its rows about: they wait above and are
 * counted. Rows that are there go on changing, and go when they no longer belong.
 * @param key changes with the filter: another question has its whole answer
 */
export function useReadList(rows: readonly IncidentRow[], key: string, reading: boolean): ReadList {
  const [known, setKnown] = useState<{ readonly key: string; readonly ids: ReadonlySet<string> } | null>(null)
  const frozen = reading && known !== null && known.key === key ? known.ids : null
  if (!reading && known !== null) setKnown(null)
  else if (reading && frozen === null) setKnown({ key, ids: idsOf(rows) })
  const shown = useMemo(
    () => (frozen === null ? rows : rows.filter(({ id }) => frozen.has(id))),
    [rows, frozen],
  )
  return {
    rows: shown,
    waiting: rows.length - shown.length,
    showAll: () => setKnown({ key, ids: idsOf(rows) }),
  }
}

function idsOf(rows: readonly IncidentRow[]): Set<string> {
  return new Set(rows.map(({ id }) => id))
}
