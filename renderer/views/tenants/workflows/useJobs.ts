import { useCallback, useEffect, useRef, useState } from 'react'
import { engineNow } from '../../../transport/engineClock.ts'
import type { WorkflowOutcome } from '../../../state/workflows/address.ts'
import {
  firstPage,
  type JobList,
  type JobsQuestion,
  refreshed,
  withPage,
} from '../../../state/workflows/jobs.ts'
import { type PeriodName, PERIODS } from '../../../state/workflows/periods.ts'
import { useClient } from '../../../transport/context.tsx'
import { asCallFailure } from '../../../transport/failure.ts'
import type { Client } from '../../../transport/types.ts'

/** Jobs take minutes. */
const EVERY_MS = 30_000

export interface Listed extends JobsQuestion {
  readonly period: PeriodName
  readonly outcome: WorkflowOutcome | null
}

export interface Jobs {
  /** Of the question before, while a new one is under way: `list.of` says which. */
  readonly list: JobList<Listed> | null
  readonly failure: { readonly text: string; readonly nextStep: string } | null
  /** A further page is under way. */
  readonly reading: boolean
  /** Reads the next page of the same stretch of time. */
  readonly more: () => void
}

type Asked = Pick<Listed, 'tenant' | 'period' | 'outcome'>

/** The jobs of a tenant, or of all, a page at a time. The first page is asked for again and taken into the others. */
export function useJobs({ tenant, period, outcome }: Asked): Jobs {
  const client = useClient()
  const [list, setList] = useState<JobList<Listed> | null>(null)
  const [failed, setFailed] = useState<(Asked & NonNullable<Jobs['failure']>) | null>(null)
  const [readingAfter, setReadingAfter] = useState<JobList<Listed> | null>(null)
  const abort = useRef(new AbortController())

  useEffect(() => {
    const own = new AbortController()
    abort.current = own
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = async (): Promise<void> => {
      const toMs = engineNow()
      const of = { tenant, period, outcome, fromMs: toMs - PERIODS[period].spanMs, toMs }
      try {
        const page = await ask(client, of, null, own.signal)
        setList((before) =>
          before !== null && isSame(before.of, of) && before.pages > 1
            ? refreshed(before, page)
            : firstPage(of, page),
        )
        setFailed(null)
      } catch (error) {
        if (own.signal.aborted) return
        const { message: text, nextStep } = asCallFailure(error)
        setList((before) => (before !== null && isSame(before.of, of) ? before : null))
        setFailed({ tenant, period, outcome, text, nextStep })
      }
      if (!own.signal.aborted) timer = setTimeout(() => void again(), EVERY_MS)
    }
    void again()
    return () => {
      own.abort()
      clearTimeout(timer)
    }
  }, [client, tenant, period, outcome])

  const reading = list !== null && readingAfter === list
  const more = useCallback(() => {
    if (list === null || list.nextCursor === null || reading) return
    const { signal } = abort.current
    setReadingAfter(list)
    ask(client, list.of, list.nextCursor, signal)
      .then((page) => setList((before) => (before === list ? withPage(list, page) : before)))
      .catch((error: unknown) => {
        if (signal.aborted) return
        const { message: text, nextStep } = asCallFailure(error)
        setFailed({ ...list.of, text, nextStep })
      })
      .finally(() => setReadingAfter((after) => (after === list ? null : after)))
  }, [client, list, reading])
  // A failure of the question before says nothing of this one.
  const failure = failed !== null && isSame(failed, { tenant, period, outcome }) ? failed : null
  return { list, failure, reading, more }
}

function ask(client: Client, of: Listed, cursor: string | null, signal: AbortSignal) {
  const { tenant, fromMs, toMs, outcome } = of
  return client.call('tokens.workflows', { tenant, fromMs, toMs, outcome, cursor }, { signal })
}

function isSame(a: Asked, b: Asked): boolean {
  return a.tenant === b.tenant && a.period === b.period && a.outcome === b.outcome
}
