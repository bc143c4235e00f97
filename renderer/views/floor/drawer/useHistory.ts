import { useEffect, useState } from 'react'
import type { History } from '../../../../shared/contract/fleet.ts'
import type { FieldId } from '../../../../shared/model/field.ts'
import { engineNow } from '../../../transport/engineClock.ts'
import { useClient } from '../../../transport/context.tsx'
import { asCallFailure } from '../../../transport/failure.ts'

export interface HistoryQuery {
  readonly topologyVersion: number
  readonly rows: readonly number[]
  readonly fields: readonly FieldId[]
  readonly spanMs: number
}

export type HistoryAnswer =
  | { readonly state: 'asking'; readonly since: number }
  | { readonly state: 'here'; readonly history: History }
  | { readonly state: 'failed'; readonly text: string; readonly nextStep: string }

/** As many points as a drawer has pixels, at the density that a person can distinguish. */
const MAX_POINTS = 360
const SOONEST_MS = 5000

/** Recent history of some rows, asked again as often as a new point can be expected. Keeps the last answer meanwhile. */
export function useHistory(query: HistoryQuery): HistoryAnswer {
  const client = useClient()
  const key = JSON.stringify(query)
  const [answer, setAnswer] = useState<{ key: string; answer: HistoryAnswer }>({
    key,
    answer: { state: 'asking', since: engineNow() },
  })

  useEffect(() => {
    const { topologyVersion, rows, fields, spanMs } = JSON.parse(key) as HistoryQuery
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const ask = async (): Promise<void> => {
      const toMs = engineNow()
      try {
        const history = await client.call(
          'fleet.history',
          {
            topologyVersion,
            rows: [...rows],
            fields: [...fields],
            fromMs: toMs - spanMs,
            toMs,
            maxPoints: MAX_POINTS,
          },
          { signal: abort.signal },
        )
        setAnswer({ key, answer: { state: 'here', history } })
      } catch (error) {
        if (abort.signal.aborted) return
        const { message: text, nextStep } = asCallFailure(error)
        // A chart that was there is not taken away for one question that failed; its own clock shows its age.
        setAnswer((last) =>
          last.key === key && last.answer.state === 'here'
            ? last
            : { key, answer: { state: 'failed', text, nextStep } },
        )
      }
      timer = setTimeout(() => void ask(), Math.max(SOONEST_MS, spanMs / MAX_POINTS))
    }
    void ask()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [client, key])

  return answer.key === key ? answer.answer : { state: 'asking', since: engineNow() }
}
