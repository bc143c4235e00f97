import type { IncidentRow } from '../../../shared/contract/incidents.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { visibleText } from '../../../shared/model/foreignText.ts'
import { compareStates } from '../../state/incidents/list.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import type { Column } from '../../ui/table/DataTable.tsx'
import { compareNumbers, compareTexts } from '../../ui/table/order.ts'
import { Owner, PriorityMark, StateWord } from './words.tsx'

export const INCIDENT_COLUMNS: readonly Column<IncidentRow>[] = [
  {
    id: 'priority',
    title: say('incidents.column.priority'),
    width: '4.5rem',
    compare: (a, b) => a.priority - b.priority,
    cell: ({ priority }) => <PriorityMark priority={priority} />,
  },
  {
    id: 'id',
    title: say('incidents.column.id'),
    width: '6.5rem',
    compare: (a, b) => compareNumbers(a.openedAt, b.openedAt),
    cell: ({ id }) => id,
  },
  {
    id: 'title',
    title: say('incidents.column.title'),
    width: 'minmax(14rem, 3fr)',
    compare: (a, b) => compareTexts(textOf(a.title), textOf(b.title)),
    cell: ({ title }) => {
      const text = visibleText(textOf(title))
      return (
        <span className="incident-title" title={text}>
          {text}
        </span>
      )
    },
  },
  {
    id: 'state',
    title: say('incidents.column.state'),
    width: '10.5rem',
    compare: compareStates,
    cell: (incident) => <StateWord incident={incident} />,
  },
  {
    id: 'owner',
    title: say('incidents.column.owner'),
    width: 'minmax(9rem, 1fr)',
    compare: (a, b) => compareTexts(ownerOf(a), ownerOf(b)),
    cell: (incident) => <Owner incident={incident} />,
  },
  {
    id: 'started',
    title: say('incidents.column.started'),
    width: '8rem',
    align: 'end',
    compare: (a, b) => compareNumbers(b.startedAt, a.startedAt),
    cell: ({ startedAt, startedAtLeast }) => <Age at={startedAt} atLeast={startedAtLeast} />,
  },
  {
    id: 'reach',
    title: say('incidents.column.gpus'),
    width: '6rem',
    align: 'end',
    from: 60,
    compare: (a, b) => b.gpus - a.gpus,
    cell: ({ kind, gpus, startedAt }) =>
      kind === 'burn' ? (
        <span className="secondary">–</span>
      ) : (
        <Figure
          label={say('incidents.column.gpus')}
          value={gpus}
          kind="count"
          align="end"
          at={startedAt}
          quiet
        />
      ),
  },
  {
    id: 'returns',
    title: say('incidents.column.returns'),
    width: '5.5rem',
    align: 'end',
    from: 70,
    meaning: say('incidents.column.returns.meaning'),
    compare: (a, b) => b.returns - a.returns,
    cell: ({ returns }) =>
      returns === 0 ? (
        <span className="secondary">–</span>
      ) : (
        <Figure label={say('incidents.column.returns')} value={returns} kind="count" align="end" quiet />
      ),
  },
]

function ownerOf({ assignee, acknowledged }: IncidentRow): string {
  return assignee ?? acknowledged?.by.name ?? ''
}

/** What is marked when it changes. */
export function incidentSignature({ state, priority, acknowledged, assignee, unknown }: IncidentRow): string {
  return `${state} ${priority} ${acknowledged?.at ?? ''} ${assignee ?? ''} ${unknown === null}`
}
