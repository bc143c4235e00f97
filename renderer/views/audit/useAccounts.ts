import { useCallback, useEffect, useState } from 'react'
import type { AccountRow } from '../../../shared/contract/access.ts'
import type { CommandInput } from '../../../shared/contract/contract.ts'
import { useClient } from '../../transport/context.tsx'
import { asCallFailure, type CallFailure } from '../../transport/failure.ts'

/** A one-time code, shown once. */
export interface Issued {
  readonly login: string
  readonly code: string
  readonly until: number
}

type Change = 'access.role' | 'access.disable' | 'access.code' | 'access.add'

export interface Accounts {
  /** Null until they came. */
  readonly list: readonly AccountRow[] | null
  readonly failure: CallFailure | null
  readonly issued: Issued | null
  readonly pending: boolean
  /** @returns whether it was done */
  readonly change: <N extends Change>(name: N, input: CommandInput<N>) => Promise<boolean>
  /** The code was passed on. */
  readonly forgetCode: () => void
}

/** @param may whether this person may see them at all */
export function useAccounts(may: boolean): Accounts {
  const client = useClient()
  const [list, setList] = useState<readonly AccountRow[] | null>(null)
  const [failure, setFailure] = useState<CallFailure | null>(null)
  const [issued, setIssued] = useState<Issued | null>(null)
  const [pending, setPending] = useState(false)

  const load = useCallback(
    (signal?: AbortSignal): Promise<void> =>
      client.call('access.accounts', {}, signal === undefined ? {} : { signal }).then(
        ({ accounts }) => setList(accounts),
        (error: unknown) => {
          if (signal?.aborted !== true) setFailure(asCallFailure(error))
        },
      ),
    [client],
  )
  useEffect(() => {
    if (!may) return undefined
    const abort = new AbortController()
    void load(abort.signal)
    return () => abort.abort()
  }, [load, may])

  async function change<N extends Change>(name: N, input: CommandInput<N>): Promise<boolean> {
    setPending(true)
    setFailure(null)
    try {
      const output: object = await client.call(name, input)
      if (isIssued(output)) setIssued(output)
      return true
    } catch (error) {
      setFailure(asCallFailure(error))
      return false
    } finally {
      setPending(false)
      await load()
    }
  }
  return { list, failure, issued, pending, change, forgetCode: () => setIssued(null) }
}

function isIssued(output: object): output is Issued {
  return 'code' in output
}
