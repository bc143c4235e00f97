import { type ConsoleStatus, consoleStatusSchema } from '../../../shared/contract/console.ts'
import { STREAMS } from '../../../shared/contract/contract.ts'
import type { TokensOverview } from '../../../shared/contract/tokens.ts'
import { responseSchema, type Wire, type WireRequest } from '../../../shared/contract/wire.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'

/** What is looked at: the GPUs of the floor, who used how many tokens, or who served them. */
export type Subject = 'floor' | 'metering' | 'inference'

/** What an engine made of its sources until it was asked to stop. */
export interface WatchResult {
  /** Those of the subject alone. */
  readonly sources: readonly SourceHealth[]
  readonly status: ConsoleStatus | null
  /** Null for the floor. */
  readonly tokens: TokensOverview | null
  /** Every source was asked and answered or failed; false when time ran out first. */
  readonly complete: boolean
}

/** After the last source has answered the engine may take another picture before its figures show. */
const PICTURE_MS = 2500
const LAST_ITEMS_MS = 500

const HEALTH = 1
const STATUS = 2
const TOKENS = 3
const healthItem = STREAMS['sources.health'].item
const overviewItem = STREAMS['tokens.overview'].item

/**
 * Looks at an engine as a screen does, over a line of the contract, until all its sources have been asked.
 * @param deadlineMs longest time to look
 */
export function observe(wire: Wire, deadlineMs: number, subject: Subject = 'floor'): Promise<WatchResult> {
  return new Promise((resolve) => {
    let sources: readonly SourceHealth[] = []
    let status: ConsoleStatus | null = null
    let tokens: TokensOverview | null = null
    let picture: NodeJS.Timeout | null = null

    const finish = (complete: boolean) => {
      clearTimeout(deadline)
      if (picture !== null) clearTimeout(picture)
      wire.close()
      resolve({ sources, status, tokens, complete })
    }
    const deadline = setTimeout(() => finish(isSettled(sources)), deadlineMs)
    const say = (request: WireRequest) => wire.send(JSON.stringify(request))
    const look = () => {
      if (!isSettled(sources) || (subject === 'metering' && isWaiting(tokens))) return
      const nothingComes = sources.every((source) => source.lastSuccessAt === null)
      const shown = {
        floor: (status?.rollCall.present ?? 0) > 0,
        metering: true,
        inference: hasServers(tokens),
      }
      picture ??= setTimeout(() => finish(true), nothingComes || shown[subject] ? LAST_ITEMS_MS : PICTURE_MS)
    }

    wire.onClose(() => finish(false))
    wire.onMessage((message) => {
      if (typeof message !== 'string') return
      const response = responseSchema.parse(JSON.parse(message))
      if (response.t === 'hello') {
        say({ t: 'open', id: HEALTH, name: 'sources.health', params: {} })
        say({ t: 'open', id: STATUS, name: 'console.status', params: {} })
        if (subject !== 'floor') {
          say({ t: 'open', id: TOKENS, name: 'tokens.overview', params: { filters: {}, limit: 1 } })
        }
      } else if (response.t === 'item') {
        if (response.id === HEALTH) sources = of(subject, healthItem.parse(response.item).sources)
        else if (response.id === TOKENS) tokens = overviewItem.parse(response.item)
        else status = consoleStatusSchema.parse(response.item)
        look()
        say({ t: 'ack', id: response.id })
      } else if (response.t === 'failure') finish(false)
    })
  })
}

const KINDS: Readonly<Record<Subject, readonly SourceHealth['kind'][]>> = {
  floor: ['prometheus', 'exporter', 'discovery'],
  metering: ['metering'],
  inference: ['inference', 'discovery'],
}

function of(subject: Subject, sources: readonly SourceHealth[]): SourceHealth[] {
  return sources.filter((source) => KINDS[subject].includes(source.kind))
}

/** A source may have told its abilities and still owe the usage itself. */
function isWaiting(tokens: TokensOverview | null): boolean {
  return tokens === null || tokens.origin.state === 'waiting'
}

function hasServers(tokens: TokensOverview | null): boolean {
  return (tokens?.servers.count ?? 0) > 0
}

/** Every source has answered or failed once. */
export function isSettled(sources: readonly SourceHealth[]): boolean {
  return sources.length > 0 && sources.every(wasAsked)
}

export function wasAsked(source: SourceHealth): boolean {
  return source.lastSuccessAt !== null || source.consecutiveFailures > 0
}
