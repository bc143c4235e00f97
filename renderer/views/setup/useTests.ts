import { useEffect, useRef, useState } from 'react'
import type { Verdict } from '../../../shared/contract/console.ts'
import { engineNow } from '../../transport/engineClock.ts'
import { useClient } from '../../transport/context.tsx'
import { asCallFailure } from '../../transport/failure.ts'
import type { Probe } from './form.ts'

export type TestResult =
  | { readonly state: 'testing'; readonly since: number }
  | { readonly state: 'done'; readonly verdict: Verdict }

export interface Tests {
  /** By {@link probeKey}; a verdict belongs to exactly what was tried and is forgotten when that changes. */
  readonly results: ReadonlyMap<string, TestResult>
  /** Tries all of them, a few at a time. @returns whether every one of them is fine */
  readonly run: (probes: readonly Probe[]) => Promise<boolean>
}

const AT_ONCE = 4

export function probeKey(probe: Probe): string {
  return JSON.stringify(probe)
}

export function useTests(): Tests {
  const client = useClient()
  const [results, setResults] = useState<ReadonlyMap<string, TestResult>>(new Map())
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function run(probes: readonly Probe[]): Promise<boolean> {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setResults(new Map(probes.map((probe) => [probeKey(probe), { state: 'testing', since: engineNow() }])))
    const waiting = [...probes]
    let fine = true

    async function worker(): Promise<void> {
      for (let probe = waiting.shift(); probe !== undefined && !signal.aborted; probe = waiting.shift()) {
        const key = probeKey(probe)
        const verdict = await client.call('setup.test', probe, { signal }).catch(asVerdict)
        if (signal.aborted) return
        if (!verdict.ok) fine = false
        setResults((before) => new Map(before).set(key, { state: 'done', verdict }))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    return fine && !signal.aborted
  }
  return { results, run }
}

function asVerdict(error: unknown): Verdict {
  const { message, nextStep } = asCallFailure(error)
  return { ok: false, title: message, details: [], nextStep }
}
