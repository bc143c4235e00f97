import type {
  CommandInput,
  CommandName,
  CommandOutput,
  StreamItem,
  StreamName,
  StreamParams,
} from '../../shared/contract/contract.ts'
import type { Failure } from '../../shared/contract/wire.ts'

/** The state of the connection to the engine; a screen shows `since` as the age of everything it draws while not `open`. */
export interface Link {
  readonly state: 'connecting' | 'open' | 'lost'
  readonly since: number
  /** While `lost`: the engine does not admit this screen, which only a person can change. */
  readonly refused?: boolean
  /** Plain words for `lost`: what happened and what to do. */
  readonly reason: string
  /** When the next attempt comes, ms since the epoch on this screen's clock; null while open or under way. */
  readonly nextAttemptAt?: number | null
}

/** When an item came, and whether the engine still stands behind it. */
export interface Received {
  /** On the engine's clock, ms. */
  readonly at: number
  /** False once the connection was lost: the item is then what is last known. */
  readonly current: boolean
}

/** The renderer's only way to the engine, the same over a MessagePort and a WebSocket. */
export interface Client {
  /** @throws CallFailure with a text and a next step for the person at the screen. */
  call<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    options?: { signal?: AbortSignal },
  ): Promise<CommandOutput<N>>
  /**
   * Subscribes until the returned function is called; reopened by itself after the connection was lost.
   * Without a connection the last item of the same stream and parameters comes at once, as last known.
   * The item is acknowledged once `onItem` returns, so a slow screen is sent fewer items, never a queue.
   */
  open<N extends StreamName>(
    name: N,
    params: StreamParams<N>,
    onItem: (item: StreamItem<N>, received: Received) => void,
    /** The engine ended the subscription; it is asked again later where that can help. */
    onFailure?: (failure: Failure) => void,
  ): () => void
  link(): Link
  onLink(listener: (link: Link) => void): () => void
}
