import { STREAMS } from '../../../shared/contract/contract.ts'
import type { SloStates } from '../../../shared/contract/slo.ts'
import { responseSchema, type Wire, type WireRequest } from '../../../shared/contract/wire.ts'
import { textOf } from '../../../shared/messages/format.ts'
import { latencyText, shareText } from '../../../shared/model/objectiveWords.ts'
import type { BurnState } from '../../../shared/model/objective.ts'
import { grouped, inWords } from '../../../shared/model/phrases.ts'
import { type Part, partOf } from './telling.ts'

const STATES = 1
const item = STREAMS['slo.states'].item

/**
 * Looks at the objectives of an engine until each has been answered or has a reason why not.
 * @param deadlineMs longest time to look
 */
export function observeObjectives(wire: Wire, deadlineMs: number): Promise<SloStates | null> {
  return new Promise((resolve) => {
    let newest: SloStates | null = null
    const finish = (): void => {
      clearTimeout(deadline)
      wire.close()
      resolve(newest)
    }
    const deadline = setTimeout(finish, deadlineMs)
    const say = (request: WireRequest) => wire.send(JSON.stringify(request))
    wire.onClose(finish)
    wire.onMessage((message) => {
      if (typeof message !== 'string') return
      const response = responseSchema.parse(JSON.parse(message))
      if (response.t === 'hello') say({ t: 'open', id: STATES, name: 'slo.states', params: {} })
      else if (response.t === 'item') {
        newest = item.parse(response.item)
        say({ t: 'ack', id: response.id })
        if (newest.states.every(({ asOf }) => asOf !== null)) finish()
      } else if (response.t === 'failure') finish()
    })
  })
}

/** One line for each objective: by which bucket it is judged, how good it is, and how much of it is known. */
export function describeObjectives(found: SloStates | null): Part[] {
  if (found === null)
    return [partOf({ title: 'Objectives', ok: false, summary: 'they were not told in time' }, [])]
  return found.objectives.map((objective, index) => {
    const state = found.states[index]
    const known = state !== undefined && state.asOf !== null && state.knownFrom !== null
    return partOf(
      {
        title: `Objective ${objective.name}`,
        ok: known,
        summary: known ? summaryOf(state) : 'it cannot be measured',
      },
      known || state === undefined ? [] : state.why.map((each) => textOf(each)),
    )
  })
}

function summaryOf({ sli, bucket, coverage, asOf, knownFrom }: BurnState): string {
  const judged =
    bucket === undefined
      ? ''
      : `judged by the bucket of ${latencyText(bucket.used * 1000)}${bucket.next === null ? '' : ` (next: ${latencyText(bucket.next * 1000)})`}; `
  const good =
    sli === null
      ? 'too little of the last 5 min is known'
      : sli.total <= 0
        ? 'no traffic in the last 5 min'
        : `${shareText(sli.good / sli.total)} of ${grouped(Math.round(sli.total))} good in the last 5 min`
  return `${judged}${good}; ${shareText(coverage)} of the ${inWords((asOf ?? 0) - (knownFrom ?? 0))} that were asked for is known`
}
