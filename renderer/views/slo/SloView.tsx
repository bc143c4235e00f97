import { useEffect, useMemo } from 'react'
import { say } from '../../../shared/messages/format.ts'
import { navigate, replaceParams, useNavigation } from '../../state/navigation.ts'
import { rowsOf, type SloRow, worstOf } from '../../state/slo/matrix.ts'
import { useStream } from '../../transport/context.tsx'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Waiting } from '../../ui/dialog/Waiting.tsx'
import { LastKnown } from '../../ui/figure/LastKnown.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { useActions } from '../../ui/keys/actions.ts'
import { Chosen } from './Chosen.tsx'
import { Matrix } from './Matrix.tsx'
import './slo.css'

/** What burns, how long there is, and by how much: the matrix is the picture, and below it stands the chosen objective. */
export function SloView() {
  const stream = useStream('slo.states', {})
  const { item, failure } = stream
  const rows = useMemo(() => (item === undefined ? [] : rowsOf(item)), [item])
  const asked = useNavigation((route) => route.params['objective'])
  const chosen = rows.find(({ objective }) => objective.id === asked) ?? worstOf(rows)
  useNeighbours(rows, chosen)

  if (item === undefined) {
    return <Waiting waiting={say('slo.view.waiting')} nextStep={say('waiting.refresh')} failure={failure} />
  }
  if (chosen === null) {
    return (
      <EmptyState
        reason={say('slo.view.none')}
        nextStep={say('slo.view.none.next')}
        action={<Button onClick={() => navigate('setup')}>{say('slo.view.setup')}</Button>}
      />
    )
  }
  return (
    <LastKnown of={stream}>
      <div className="slo">
        <Matrix rows={rows} chosen={chosen.objective.id} onChoose={choose} />
        <Chosen key={chosen.objective.id} row={chosen} />
      </div>
    </LastKnown>
  )
}

function choose(id: string): void {
  replaceParams('slo', { objective: id })
}

/** The objective above and below, from anywhere in the view. */
function useNeighbours(rows: readonly SloRow[], chosen: SloRow | null): void {
  const index = rows.findIndex((row) => row === chosen)
  const step = (by: number) => () => {
    const next = rows[Math.min(Math.max(index + by, 0), rows.length - 1)]
    if (next !== undefined) choose(next.objective.id)
  }
  const group = say('keys.group.slo')
  useActions(
    rows.length < 2
      ? []
      : [
          { id: 'slo.next', title: say('slo.action.next'), group, keys: 'j', run: step(1) },
          { id: 'slo.previous', title: say('slo.action.previous'), group, keys: 'k', run: step(-1) },
        ],
  )
  const id = chosen?.objective.id
  useEffect(() => {
    if (id !== undefined)
      document.querySelector(`[data-objective="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [id])
}
