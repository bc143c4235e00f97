import type { SourceDoubt } from '../../../../shared/model/source.ts'
import { plural } from '../../../../shared/model/phrases.ts'
import type { Track } from './track.ts'
import type { ServerIdentity } from '../types.ts'

/** What servers' own figures say against one another. */
export interface ServedFault {
  readonly code: keyof typeof FAULTS
  readonly server: ServerIdentity
  /** What it says, in plain words, without its name. */
  readonly text: string
}

/** A counter that stepped back once may do so again, and is told for so long, ms. */
const TOLD_MS = 5 * 60_000
const MOST_NAMED = 3

const FAULTS = {
  queues: {
    alone: 'Its queue and its counters contradict each other',
    says: 'whose queue and counters contradict each other',
    nextStep:
      'Look at its own /metrics: one of the two stands still. Restart the server if its queue does not move.',
  },
  replicas: {
    alone: 'Its counters step back and forth',
    says: 'whose counters step back and forth',
    nextStep:
      'Let the query layer answer from one replica of Prometheus, or name the replica label to it (--query.replica-label of Thanos).',
  },
  jumps: {
    alone: 'Its counters jumped beyond what can be',
    says: 'whose counters jumped beyond what can be',
    nextStep:
      'See whether several processes answer under its address, and whether its counters are in tokens.',
  },
} as const

export function faultsOf(tracks: Iterable<Track>, now: number): ServedFault[] {
  return [...tracks].flatMap((track): ServedFault[] => {
    if (!track.listed) return []
    const { server } = track
    const contradiction = track.contradiction()
    return [
      ...(contradiction === null ? [] : [{ code: 'queues' as const, server, text: contradiction }]),
      ...(now - track.steppedBackAt < TOLD_MS
        ? [{ code: 'replicas' as const, server, text: 'falls a little and rises again' }]
        : []),
      ...(now - track.jumpedAt < TOLD_MS
        ? [{ code: 'jumps' as const, server, text: 'jumped; the jump is left out' }]
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
    const names = all.slice(0, MOST_NAMED).map(({ server, text }) => `${named(server)} ${text}`)
    return {
      code: `inference-${code}`,
      severity: 'advisory',
      what: isOneSource
        ? FAULTS[code].alone
        : `${plural(all.length, 'inference server')} ${FAULTS[code].says}`,
      by: `${names.join('; ')}${all.length > MOST_NAMED ? `; and ${all.length - MOST_NAMED} more` : ''}`,
      nextStep: FAULTS[code].nextStep,
    }
  })
}
