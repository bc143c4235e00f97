import type { SourceError, SourceHealth } from '../../../../shared/model/source.ts'
import { backoffDelay } from '../../../platform/backoff.ts'
import type { Clock } from '../../../platform/clock.ts'
import { describeFailure, SourceFailure } from '../../../platform/failure.ts'
import type { Logger } from '../../../platform/logger.ts'
import { type Poller, startPoller } from '../../../platform/poller.ts'
import { redactUrl } from '../../../platform/redact.ts'
import { targetOf } from './address.ts'
import { secretRule, withoutSecret } from './secrets.ts'
import { filePlace, httpPlace, type ListPlace, type ListPlaceOptions } from './places.ts'
import { EXPORTERS, type ScrapeTarget, type TargetKind } from './target.ts'
import type { TargetList } from './groups.ts'
import { TargetHealth } from './health.ts'

export interface DiscoveryOptions extends ListPlaceOptions {
  readonly static: readonly string[]
  /** Absolute paths; `*` in the last part stands for any characters. */
  readonly files: readonly string[]
  readonly http: readonly string[]
  readonly clock: Clock
  readonly logger: Logger
  /** Exporters where none is given. */
  readonly targetKind?: TargetKind
  /** The whole list, each address once, whenever it has changed. */
  readonly onTargets: (targets: readonly ScrapeTarget[]) => void
}

export interface Discovery {
  /** Reads every place once and resolves when all have answered or failed; then goes on by itself. */
  start(): Promise<void>
  targets(): readonly ScrapeTarget[]
  health(): SourceHealth[]
  close(): Promise<void>
}

/** A place that failed is asked again sooner than its turn would be: the floor waits for its list. */
const FIRST_RETRY_MS = 2000

/** One place that is asked again and again. */
interface Watched extends ListPlace {
  readonly health: TargetHealth
  /** A place that fails keeps its last good list, and says so. */
  list: TargetList
}

export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { clock, logger, onTargets, targetKind = EXPORTERS } = options
  const fixed = staticTargets(options.static, targetKind)
  const watched = [
    ...options.files.map((pattern) => filePlace(pattern, options)),
    ...options.http.map((url) => httpPlace(url, options)),
  ].map((place): Watched => ({ ...place, health: new TargetHealth(), list: { targets: [], problems: [] } }))
  const getsSecret = secretRule(options)
  const pollers = watched.map(poll)
  let merged: readonly ScrapeTarget[] = []
  let known = false
  const closing = Promise.withResolvers<void>()

  function merge(): void {
    const byUrl = new Map<string, ScrapeTarget>()
    for (const target of [...fixed.targets, ...watched.flatMap((place) => place.list.targets)]) {
      if (!byUrl.has(target.url)) byUrl.set(target.url, target)
    }
    const next = [...byUrl.values()]
    if (known && sameTargets(merged, next)) return
    known = true
    merged = next
    onTargets(merged)
  }

  function poll(place: Watched): { readonly poller: Poller; readonly first: Promise<void> } {
    const { promise: first, resolve } = Promise.withResolvers<void>()
    const { everyMs } = place
    const policy = {
      baseMs: FIRST_RETRY_MS,
      ceilingMs: everyMs,
      floorMs: Math.min(everyMs, FIRST_RETRY_MS / 2),
    }
    const poller = startPoller({
      what: `the targets of ${place.name} ${redactUrl(place.address)}`,
      everyMs,
      afterFailures: (failures, random) => backoffDelay(failures, policy, random),
      clock,
      logger,
      ask: (signal) => visit(place, signal),
      onDone: resolve,
      paused: true,
    })
    return { poller, first }
  }

  async function visit(place: Watched, signal: AbortSignal): Promise<void> {
    const { health } = place
    const at = clock.now()
    const started = clock.monotonic()
    health.lastAttemptAt = at
    try {
      const { list, failure, warnings } = await place.read(signal)
      if (signal.aborted) return
      if (list !== null) {
        place.list = list
        merge()
      }
      if (failure !== null) throw failure
      const { targets, problems } = place.list
      health.succeeded({
        at,
        latencyMs: clock.monotonic() - started,
        samples: targets.length,
        bytes: 0,
        warnings: [...warnings, ...problems],
        doubts: getsSecret === null ? [] : withoutSecret(targets, getsSecret, targetKind),
      })
    } catch (error) {
      const failure = describeFailure(error, { source: place.name, address: place.address })
      if (!signal.aborted) health.failed(stillUsing(place.list, failure))
      throw new SourceFailure(failure, error)
    }
  }

  return {
    async start() {
      merge()
      for (const { poller } of pollers) poller.resume()
      await Promise.race([Promise.all(pollers.map(({ first }) => first)), closing.promise])
    },
    targets: () => merged,
    health: () => [
      ...fixedHealth(fixed, clock.now(), targetKind),
      ...watched.map((place, index) =>
        discoveryHealth(place, targetKind, pollers[index]?.poller.nextAttemptAt() ?? null),
      ),
    ],
    async close() {
      closing.resolve()
      await Promise.all(pollers.map(({ poller }) => poller.close()))
    },
  }
}

function stillUsing({ targets: { length } }: TargetList, failure: SourceError): SourceError {
  return length === 0
    ? failure
    : { ...failure, text: `${failure.text}; the last good list of ${length} targets stays in use` }
}

function sameTargets(a: readonly ScrapeTarget[], b: readonly ScrapeTarget[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index] as ScrapeTarget
      return one === other || (one.url === other.url && sameLabels(one.labels, other.labels))
    })
  )
}

function sameLabels(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value)
}

function staticTargets(addresses: readonly string[], { section }: TargetKind): TargetList {
  const targets: ScrapeTarget[] = []
  const problems: string[] = []
  for (const [index, address] of addresses.entries()) {
    try {
      targets.push(targetOf(address, new Map()))
    } catch (error) {
      problems.push(`${section}.static, entry ${index + 1}: ${(error as Error).message}`)
    }
  }
  return { targets, problems }
}

/** The static list is part of the configuration; it is a source of its own only where something is wrong with it. */
function fixedHealth({ targets, problems }: TargetList, now: number, kind: TargetKind): SourceHealth[] {
  if (problems.length === 0) return []
  const health = new TargetHealth()
  health.succeeded({ at: now, latencyMs: 0, samples: targets.length, bytes: 0, warnings: problems })
  return [discoveryHealth({ name: 'static targets', address: `${kind.section}.static`, health }, kind, null)]
}

function discoveryHealth(
  { name, address, health }: Pick<Watched, 'name' | 'address' | 'health'>,
  { kind, noun }: TargetKind,
  nextAttemptAt: number | null,
): SourceHealth {
  const target = { url: address, name: `${name} ${redactUrl(address)}`, labels: new Map<string, string>() }
  return {
    ...health.describe(target, { paused: false, slowMs: Number.POSITIVE_INFINITY, nextAttemptAt }),
    // One list may name both kinds of targets, and each reads it for itself.
    id: kind === 'exporter' ? `discovery ${address}` : `discovery of ${noun}s ${address}`,
    kind: 'discovery',
    feeding: false,
    bytes: null,
  }
}
