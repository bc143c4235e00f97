import { useEffect, useState } from 'react'
import { engineNow } from '../../transport/engineClock.ts'
import { useClient } from '../../transport/context.tsx'
import { asCallFailure } from '../../transport/failure.ts'
import type { Client } from '../../transport/types.ts'

/** @param now wall clock of the engine, ms */
export type Ask<Q, T> = (client: Client, query: Q, now: number, signal: AbortSignal) => Promise<T>

export interface Asked<Q, T> {
  /** The last answer and what it answers: while a new question is under way, that of the one before. */
  readonly answer: { readonly of: Q; readonly output: T; readonly at: number } | null
  /** Since when a question that differs from the answer's has been under way; null once it is answered. */
  readonly askingSince: number | null
  /** Why the newest attempt failed; the last answer stays beside it. */
  readonly failure: { readonly text: string; readonly nextStep: string } | null
}

interface State<Q, T> {
  readonly key: string
  readonly asked: Asked<Q, T>
}

/** After a failure, no sooner than this. */
const SOONEST_RETRY_MS = 5000

type Answer<Q, T> = NonNullable<Asked<Q, T>['answer']>

/** Answers of each kind of question that a view which is opened again shows until it has a newer one. */
const MOST_REMEMBERED = 12
const remembered = new WeakMap<Client, Map<unknown, Map<string, unknown>>>()

/** Without how finely: on a screen of another width the last answer still is the last answer. */
export function whatIsAsked(key: string): string {
  const { maxPoints: _, ...what } = JSON.parse(key) as { readonly maxPoints?: number }
  return JSON.stringify(what)
}

function remember<Q, T>(client: Client, ask: Ask<Q, T>, key: string, answer: Answer<Q, T>): void {
  const byAsk = remembered.get(client) ?? new Map<unknown, Map<string, unknown>>()
  remembered.set(client, byAsk)
  const answers = byAsk.get(ask) ?? new Map<string, unknown>()
  byAsk.set(ask, answers)
  const what = whatIsAsked(key)
  answers.delete(what)
  answers.set(what, answer)
  const [oldest] = answers.keys()
  if (answers.size > MOST_REMEMBERED && oldest !== undefined) answers.delete(oldest)
}

function recall<Q, T>(client: Client, ask: Ask<Q, T>, key: string): Answer<Q, T> | null {
  // Only answers of this very question are kept under its key.
  return (remembered.get(client)?.get(ask)?.get(whatIsAsked(key)) as Answer<Q, T> | undefined) ?? null
}

/**
 * A question that is asked again as often as a new answer can be expected. What is on the screen stays until the new
 * answer is there, named as what it is.
 * @param query plain data: what differs as JSON is a new question
 * @param ask stable, defined outside components
 * @param isFinal stable; of an answer that will not change any more and is not asked for again
 */
export function useAsked<Q, T>(
  query: Q,
  everyMs: number,
  ask: Ask<Q, T>,
  isFinal?: (output: T) => boolean,
): Asked<Q, T> {
  const client = useClient()
  const key = JSON.stringify(query)
  const [state, setState] = useState<State<Q, T>>(() => ({
    key,
    asked: { answer: recall(client, ask, key), askingSince: engineNow(), failure: null },
  }))

  useEffect(() => {
    const wanted = JSON.parse(key) as Q
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = async (): Promise<void> => {
      const now = engineNow()
      let pause = everyMs
      try {
        const output = await ask(client, wanted, now, abort.signal)
        if (abort.signal.aborted) return
        const answer = { of: wanted, output, at: now }
        remember(client, ask, key, answer)
        setState({ key, asked: { answer, askingSince: null, failure: null } })
        if (isFinal?.(output) === true) return
      } catch (error) {
        if (abort.signal.aborted) return
        const { message: text, nextStep } = asCallFailure(error)
        pause = Math.max(everyMs, SOONEST_RETRY_MS)
        // An answer to another question is not kept beside the failure of this one.
        setState((last) => ({
          key,
          asked: {
            answer: last.key === key ? last.asked.answer : recall(client, ask, key),
            askingSince: null,
            failure: { text, nextStep },
          },
        }))
      }
      timer = setTimeout(() => void again(), pause)
    }
    void again()
    // Nothing is asked without a connection, so whatever pause runs is over once there is one.
    let lost = client.link().state === 'lost'
    const leaveLink = client.onLink(({ state }) => {
      if (lost && state === 'open') {
        clearTimeout(timer)
        void again()
      }
      lost = state === 'lost'
    })
    return () => {
      leaveLink()
      abort.abort()
      clearTimeout(timer)
    }
  }, [client, key, everyMs, ask, isFinal])

  const [since, setSince] = useState({ key, at: engineNow() })
  if (since.key !== key) setSince({ key, at: engineNow() })
  return state.key === key ? state.asked : { ...state.asked, askingSince: since.at, failure: null }
}
