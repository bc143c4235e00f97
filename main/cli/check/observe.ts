import { type ConsoleStatus, consoleStatusSchema } from '../../../shared/contract/console.ts'
import { STREAMS } from '../../../shared/contract/contract.ts'
import { responseSchema, type Wire, type WireRequest } from '../../../shared/contract/wire.ts'
import type { SourceHealth } from '../../../shared/model/source.ts'

/** What an engine made of its sources until it was asked to stop. */
export interface Observation {
  readonly sources: readonly SourceHealth[]
  readonly status: ConsoleStatus | null
  /** Every source was asked and answered or failed; false when time ran out first. */
  readonly complete: boolean
}

/** After the last source has answered the floor may take another picture before its figures show. */
const PICTURE_MS = 2500

const HEALTH = 1
const STATUS = 2
const healthItem = STREAMS['sources.health'].item

/**
 * Looks at an engine as a screen does, over a line of the contract, until all its sources have been asked.
 * @param deadlineMs longest time to look
 */
export function observe(wire: Wire, deadlineMs: number): Promise<Observation> {
  return new Promise((resolve) => {
    let sources: readonly SourceHealth[] = []
    let status: ConsoleStatus | null = null
    let picture: NodeJS.Timeout | null = null

    const finish = (complete: boolean) => {
      clearTimeout(deadline)
      if (picture !== null) clearTimeout(picture)
      wire.close()
      resolve({ sources, status, complete })
    }
    const deadline = setTimeout(() => finish(isSettled(sources)), deadlineMs)
    const say = (request: WireRequest) => wire.send(JSON.stringify(request))
    const look = () => {
      if (!isSettled(sources)) return
      if (sources.every((source) => source.lastSuccessAt === null) || (status?.rollCall.present ?? 0) > 0) {
        picture ??= setTimeout(() => finish(true), 500)
      } else picture ??= setTimeout(() => finish(true), PICTURE_MS)
    }

    wire.onClose(() => finish(false))
    wire.onMessage((message) => {
      if (typeof message !== 'string') return
      const response = responseSchema.parse(JSON.parse(message))
      if (response.t === 'hello') {
        say({ t: 'open', id: HEALTH, name: 'sources.health', params: {} })
        say({ t: 'open', id: STATUS, name: 'console.status', params: {} })
      } else if (response.t === 'item') {
        if (response.id === HEALTH) sources = healthItem.parse(response.item).sources
        else status = consoleStatusSchema.parse(response.item)
        look()
        say({ t: 'ack', id: response.id })
      } else if (response.t === 'failure') finish(false)
    })
  })
}

/** Every source has answered or failed once. */
export function isSettled(sources: readonly SourceHealth[]): boolean {
  return sources.length > 0 && sources.every(wasAsked)
}

export function wasAsked(source: SourceHealth): boolean {
  return source.lastSuccessAt !== null || source.consecutiveFailures > 0
}
