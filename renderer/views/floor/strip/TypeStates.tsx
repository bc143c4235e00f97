import { Fragment } from 'react'
import { Name } from '../../../ui/text/Name.tsx'
import type { FigureState } from '../../../../shared/model/figure.ts'
import { say } from '../../../../shared/messages/format.ts'
import type { FleetSummary } from '../../../state/fleet/summary.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Say } from '../../../ui/text/Say.tsx'

const ABNORMAL: readonly { readonly state: FigureState; readonly word: string }[] = [
  { state: 'stale', word: say('floor.state.stale') },
  { state: 'absent', word: say('floor.state.absent') },
  { state: 'implausible', word: say('floor.state.implausible') },
]

/** One line per GPU type: how many, and how many of them are not as they should be. */
export function TypeStates({ byType }: Pick<FleetSummary, 'byType'>) {
  return (
    <table className="type-states">
      <tbody>
        {byType.map(({ type, total, byState }) => {
          const abnormal = ABNORMAL.filter(({ state }) => byState[state] > 0)
          // Of a type that shows no activity at all it is not known that none is idle.
          const tellsIdle = byState.ok + byState.zero > 0
          // What is cut off in a narrow tile is the least of it.
          const words = [
            ...abnormal,
            ...(tellsIdle ? [{ state: 'zero' as const, word: say('floor.state.zero') }] : []),
          ]
          return (
            <tr
              key={type}
              title={words
                .map(({ state, word }) => say('floor.type.state', { count: byState[state], state: word }))
                .join(' · ')}
            >
              <th scope="row">
                <Name of={type} />
              </th>
              <td className="type-states-total">
                <Figure
                  label={say('floor.type.all', { type })}
                  value={total}
                  kind="count"
                  size="tiny"
                  align="end"
                />
              </td>
              <td>
                {words.map(({ state, word }, index) => (
                  <Fragment key={state}>
                    {index > 0 && ' '}
                    <span data-state={state}>
                      {index > 0 && '· '}
                      <Say
                        id="floor.type.state"
                        values={{
                          count: (
                            <Figure
                              label={say('floor.type.label', { type, state: word })}
                              value={byState[state]}
                              kind="count"
                              size="tiny"
                              quiet
                            />
                          ),
                          state: word,
                        }}
                      />
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
