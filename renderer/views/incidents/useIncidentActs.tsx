import { type ReactNode, useState } from 'react'
import type { IncidentRow } from '../../../shared/contract/incidents.ts'
import { say } from '../../../shared/messages/format.ts'
import { useStatus } from '../../state/status.ts'
import { useActions } from '../../ui/keys/actions.ts'
import { ActDialog, type IncidentActKind } from './ActDialog.tsx'

type Acted = Pick<IncidentRow, 'id' | 'state' | 'assignee'>

const KEYS = {
  acknowledge: { keys: 'a' },
  note: { keys: 'c' },
  assign: { keys: 'm' },
  resolve: { keys: 'r' },
  reopen: { keys: 'o' },
} as const

/** What can be done to an incident in its state. */
export function actsOf({ state }: Pick<IncidentRow, 'state'>): readonly IncidentActKind[] {
  return state === 'resolved' ? ['reopen', 'note'] : ['acknowledge', 'note', 'assign', 'resolve']
}

/**
 * Offers by key and palette what can be done to an incident; null offers nothing.
 * @param opened an act that a button asks for
 * @returns the dialog while one is open
 */
export function useIncidentActs(
  incident: Acted | null,
  opened?: { readonly act: IncidentActKind | null; readonly open: (act: IncidentActKind | null) => void },
): ReactNode {
  const own = useState<IncidentActKind | null>(null)
  const [act, setAct] = opened === undefined ? own : [opened.act, opened.open]
  const wall = useStatus(({ status }) => status?.role === 'wall')
  useActions(
    incident === null || wall
      ? []
      : actsOf(incident).map((kind) => ({
          id: `incidents.${kind}`,
          title: say(`incidents.act.${kind}`, { id: incident.id }),
          group: say('keys.group.incidents'),
          ...KEYS[kind],
          run: () => setAct(kind),
        })),
  )
  if (incident === null || act === null) return null
  return (
    <ActDialog key={`${incident.id} ${act}`} incident={incident} act={act} onClose={() => setAct(null)} />
  )
}
