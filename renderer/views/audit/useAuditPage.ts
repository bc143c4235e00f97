import { useEffect, useState } from 'react'
import type { AuditPage } from '../../../shared/contract/audit.ts'
import { asCallFailure, type CallFailure } from '../../transport/failure.ts'
import { useClient } from '../../transport/context.tsx'

export interface AuditFilter {
  readonly text: string
  readonly action: string
}

interface PageState {
  readonly page: AuditPage | null
  readonly failure: CallFailure | null
}

/** The newest page is asked for again this often, ms. */
const EVERY_MS = 4000
const PAGE = 100

/**
 * One page of the audit.
 * @param before entries before this one; null for the newest, which are kept up to date
 */
export function useAuditPage(filter: AuditFilter, before: number | null): PageState {
  const client = useClient()
  const { text, action } = filter
  const [state, setState] = useState<PageState>({ page: null, failure: null })
  useEffect(() => {
    const abort = new AbortController()
    const ask = (): void => {
      client
        .call('audit.page', { filter: { text, action }, before, limit: PAGE }, { signal: abort.signal })
        .then(
          (page) => setState({ page, failure: null }),
          (error: unknown) => {
            if (!abort.signal.aborted) setState((last) => ({ ...last, failure: asCallFailure(error) }))
          },
        )
    }
    ask()
    const timer = before === null ? setInterval(ask, EVERY_MS) : undefined
    return () => {
      clearInterval(timer)
      abort.abort()
    }
  }, [client, text, action, before])
  return state
}
