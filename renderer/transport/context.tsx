import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import type {
  CommandInput,
  CommandName,
  CommandOutput,
  StreamItem,
  StreamName,
  StreamParams,
} from '../../shared/contract/contract.ts'
import type { Failure } from '../../shared/contract/wire.ts'
import { engineNow } from './engineClock.ts'
import { asCallFailure, type CallFailure } from './failure.ts'
import type { Client } from './types.ts'

const ClientContext = createContext<Client | null>(null)

export function ClientProvider({ client, children }: { client: Client; children: ReactNode }) {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>
}

export function useClient(): Client {
  const client = useContext(ClientContext)
  if (client === null) throw new Error('useClient needs a ClientProvider above it.')
  return client
}

export interface Streamed<N extends StreamName> {
  /** The newest item; undefined before the first. It stays when the connection is lost: it is then what is last known. */
  readonly item: StreamItem<N> | undefined
  /** When it came, ms on the engine's clock. */
  readonly receivedAt: number | null
  /** The connection was lost since it came, and nothing newer has come: it is what is last known. */
  readonly lastKnown: boolean
  /** Why the engine ended the subscription; null while it is served. */
  readonly failure: Failure | null
}

/**
 * Subscribes while the component is mounted. Components that ask for the same share one subscription.
 * @param params null subscribes to nothing
 */
export function useStream<N extends StreamName>(name: N, params: StreamParams<N> | null): Streamed<N> {
  const client = useClient()
  const key = params === null ? null : JSON.stringify(params)
  const [state, setState] = useState<Streamed<N> & { readonly key: string | null }>({ ...NOTHING, key })
  const latest = useRef(params)
  useEffect(() => {
    latest.current = params
  })
  useEffect(() => {
    const wanted = latest.current
    if (key === null || wanted === null) return undefined
    const leave = client.open(
      name,
      wanted,
      (item, { at, current }) => setState({ item, receivedAt: at, lastKnown: !current, failure: null, key }),
      (failure) => setState((before) => ({ ...(before.key === key ? before : NOTHING), failure, key })),
    )
    const leaveLink = client.onLink(({ state }) => {
      if (state === 'lost') setState((before) => (before.lastKnown ? before : { ...before, lastKnown: true }))
    })
    return () => {
      leave()
      leaveLink()
    }
  }, [client, name, key])
  // What was subscribed to before must never be shown as what is subscribed to now.
  return state.key === key ? state : NOTHING
}

const NOTHING = { item: undefined, receivedAt: null, lastKnown: false, failure: null } as const

export type CallState<N extends CommandName> =
  | { readonly state: 'idle' }
  | { readonly state: 'pending'; readonly since: number }
  | { readonly state: 'done'; readonly output: CommandOutput<N> }
  | { readonly state: 'failed'; readonly failure: CallFailure }

/** One command with its progress. A newer run gives up the older one, and so does unmounting. */
export function useCall<N extends CommandName>(
  name: N,
): CallState<N> & { readonly run: (input: CommandInput<N>) => Promise<void>; readonly reset: () => void } {
  const client = useClient()
  const [state, setState] = useState<CallState<N>>({ state: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const run = useCallback(
    async (input: CommandInput<N>): Promise<void> => {
      running.current?.abort()
      const controller = new AbortController()
      running.current = controller
      setState({ state: 'pending', since: engineNow() })
      try {
        const output = await client.call(name, input, { signal: controller.signal })
        if (!controller.signal.aborted) setState({ state: 'done', output })
      } catch (error) {
        if (!controller.signal.aborted) setState({ state: 'failed', failure: asCallFailure(error) })
      }
    },
    [client, name],
  )
  const reset = useCallback(() => {
    running.current?.abort()
    setState({ state: 'idle' })
  }, [])
  return { ...state, run, reset }
}
