import { Fragment } from 'react'
import { Name } from '../../../ui/text/Name.tsx'
import type { FigureState } from '../../../../shared/model/figure.ts'
import type { FleetSummary } from '../../../state/fleet/summary.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'

const ABNORMAL: readonly { readonly state: FigureState; readonly word: string }[] = [
  { state: 'stale', word: 'stale' },
  { state: 'absent', word: 'unknown' },
  { state: 'implausible', word: 'refused' },
]

/** One line per GPU type: how many, and how many of them are not as they should be. */
export function TypeStates({ byType }: Pick<FleetSummary, 'byType'>) {
  return (
    <table className="type-states">
      <tbody>
        {byType.map(({ type, total, byState }) => {
          const abnormal = ABNORMAL.filter(({ state }) => byState[state] > 0)
          const words = [{ state: 'zero' as const, word: 'idle' }, ...abnormal]
          return (
            <tr key={type} title={words.map(({ state, word }) => `${byState[state]} ${word}`).join(' · ')}>
              <th scope="row">
                <Name of={type} />
              </th>
              <td className="type-states-total">
                <Figure label={`${type} in all`} value={total} kind="count" size="tiny" align="end" />
              </td>
              <td>
                <span className="type-states-idle">
                  <Figure label={`${type} idle`} value={byState.zero} kind="count" size="tiny" quiet /> idle
                </span>
                {abnormal.map(({ state, word }) => (
                  <Fragment key={state}>
                    {' '}
                    <span data-state={state}>
                      ·{' '}
                      <Figure
                        label={`${type} ${word}`}
                        value={byState[state]}
                        kind="count"
                        size="tiny"
                        quiet
                      />{' '}
                      {word}
                    </span>
                  </Fragment>
                ))}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
