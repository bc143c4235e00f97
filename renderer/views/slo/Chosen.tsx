import { textOf, say } from '../../../shared/messages/format.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { owedOf } from '../../../shared/model/objectiveWords.ts'
import type { SloRow } from '../../state/slo/matrix.ts'
import { useStream } from '../../transport/context.tsx'
import { BurnDownChart } from './BurnDownChart.tsx'
import { CausePanel } from '../cause/CausePanel.tsx'
import { StateMark } from './StateMark.tsx'
import { WhatItTakes } from './WhatItTakes.tsx'

/** The objective that is looked at: its budget over the period, how it stands in words, and what would have to happen. */
export function Chosen({ row }: { row: SloRow }) {
  const { objective, state } = row
  const { item } = useStream('slo.objective', { objectiveId: objective.id })
  return (
    <section className="slo-chosen" aria-labelledby="slo-chosen">
      <header className="slo-chosen-head">
        <h2 id="slo-chosen">{visibleName(objective.name)}</h2>
        <StateMark state={state} />
        <p className="secondary">{textOf(owedOf(objective))}</p>
      </header>
      {BURNING.has(state.state) && <CausePanel objectiveId={objective.id} />}
      <div className="slo-columns">
        <div className="slo-story">
          <BurnDownChart objective={objective} state={state} />
          <ul className="slo-words" aria-label={say('slo.words')}>
            {state.why.map((each) => {
              const text = textOf(each)
              return <li key={text}>{text}</li>
            })}
          </ul>
        </div>
        <aside className="slo-beside" aria-label={say('slo.beside')}>
          <WhatItTakes row={row} detail={item ?? null} />
        </aside>
      </div>
    </section>
  )
}

/** While it burns, who causes it comes before how the budget went. */
const BURNING: ReadonlySet<string> = new Set(['page', 'ticket', 'pending'])
