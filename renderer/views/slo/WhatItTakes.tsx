import type { SloObjective } from '../../../shared/contract/slo.ts'
import { say, textOf } from '../../../shared/messages/format.ts'
import { reachOf } from '../../../shared/model/burnPairs.ts'
import { burnText, latencyText, shareText, windowText } from '../../../shared/model/objectiveWords.ts'
import { formatDuration } from '../../../shared/model/time.ts'
import type { SloRow } from '../../state/slo/matrix.ts'

/** How bad it has to get before each pair fires, how long that takes, and what is measured by whom. */
export function WhatItTakes({ row: { objective }, detail }: { row: SloRow; detail: SloObjective | null }) {
  return (
    <section aria-labelledby="slo-takes">
      <h3 id="slo-takes">{say('slo.takes')}</h3>
      <table className="slo-takes">
        <thead>
          <tr>
            <th scope="col">{say('slo.takes.pair')}</th>
            <th scope="col">{say('slo.takes.factor')}</th>
            <th scope="col">{say('slo.takes.bad')}</th>
            <th scope="col">{say('slo.takes.after')}</th>
          </tr>
        </thead>
        <tbody>
          {objective.pairs.map((pair) => {
            const { badShare, firesAfterMs } = reachOf(pair, objective.target)
            return (
              <tr key={`${pair.longMs}/${pair.shortMs}`}>
                <th scope="row">
                  {say('slo.column.pair', { long: windowText(pair.longMs), short: windowText(pair.shortMs) })}{' '}
                  <span className="secondary">{say(`slo.severity.${pair.severity}`)}</span>
                </th>
                <td>{burnText(pair.factor)}</td>
                <td>{shareText(badShare)}</td>
                <td>{formatDuration(firesAfterMs)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <p className="secondary">{say('slo.takes.least', { least: objective.minBad })}</p>
      {detail !== null && (
        <p className="secondary">{say('slo.takes.source', { source: textOf(detail.source) })}</p>
      )}
      {detail !== null && detail.bounds.length > 0 && (
        <p className="secondary">
          {say('slo.takes.buckets', {
            bounds: detail.bounds.map((bound) => latencyText(bound * 1000)).join(' · '),
          })}
        </p>
      )}
    </section>
  )
}
