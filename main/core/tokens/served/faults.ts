import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { firstOf, message, type MessageValue } from '../../../../shared/messages/message.ts'
import type { Track } from './track.ts'
import type { ServerIdentity } from '../types.ts'

/** What servers' own figures say against one another. */
export interface ServedFault {
  readonly code: 'queues' | 'replicas' | 'jumps'
  readonly server: ServerIdentity
  /** What it says, behind its name: "jumped; the jump is left out". */
  readonly text: MessageValue
}

/** A counter that stepped back once may do so again, and is told for so long, ms. */
const TOLD_MS = 5 * 60_000
const MOST_NAMED = 3

export function faultsOf(tracks: Iterable<Track>, now: number): ServedFault[] {
  return [...tracks].flatMap((track): ServedFault[] => {
    if (!track.listed) return []
    const { server } = track
    const contradiction = track.contradiction()
    return [
      ...(contradiction === null ? [] : [{ code: 'queues' as const, server, text: contradiction }]),
      ...(now - track.steppedBackAt < TOLD_MS
        ? [{ code: 'replicas' as const, server, text: message('doubt.served.replicas.fault') }]
        : []),
      ...(now - track.jumpedAt < TOLD_MS
        ? [{ code: 'jumps' as const, server, text: message('doubt.served.jumps.fault') }]
        : []),
    ]
  })
}

/** One doubt for each kind of fault. @param named how a server is called */
export function doubtsOf(
  faults: readonly ServedFault[],
  named: (server: ServerIdentity) => string,
): SourceDoubt[] {
  return [...Map.groupBy(faults, ({ code }) => code)].map(([code, all]) => {
    // Its source is the server itself, and many of them may be told as one.
    const isOneSource = all.length === 1 && all[0]?.server.source !== undefined
    const faults = all
      .slice(0, MOST_NAMED)
      .map(({ server, text }) => message('doubt.served.server', { server: named(server), fault: text }))
    return {
      code: `inference-${code}`,
      severity: 'advisory',
      what: isOneSource
        ? message(`doubt.served.${code}`)
        : message(`doubt.served.${code}.many`, { servers: all.length }),
      by: firstOf(faults, MOST_NAMED, all.length),
      nextStep: message(`doubt.served.${code}.next`),
    }
  })
}
