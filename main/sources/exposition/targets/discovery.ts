import type { SourceDoubt, SourceHealth } from '../../../../shared/model/source.ts'
import { type Authorise, noAuth } from '../../../platform/auth.ts'
import { backoffDelay } from '../../../platform/backoff.ts'
import type { Clock } from '../../../platform/clock.ts'
import { describeFailure, describeStatus, SourceFailure } from '../../../platform/failure.ts'
import { boundedRequest, type HttpAgent } from '../../../platform/http.ts'
import { redactUrl } from '../../../platform/redact.ts'
import type { SecretScope } from '../../../platform/secretScope.ts'
import { plural } from '../../../../shared/model/phrases.ts'
import { targetOf } from './address.ts'
import { type FilesRead, readChangedFiles } from './sdFiles.ts'
import { EXPORTERS, type ScrapeTarget, type TargetKind } from './target.ts'
import { MAX_LIST_BYTES, readList, readTargetGroups, type TargetList } from './groups.ts'
import { TargetHealth } from './health.ts'

export interface DiscoveryOptions {
  readonly static: readonly string[]
  /** Absolute paths; `*` in the last part stands for any characters. */
  readonly files: readonly string[]
  readonly http: readonly string[]
  readonly agent: HttpAgent
  readonly authorise?: Authorise
  /** Where the secrets of `authorise` go. Listed addresses outside of it are asked without, and that is told. */
  readonly secretScope?: SecretScope
  readonly headers?: Readonly<Record<string, string>>
  readonly deadlineMs: number
  readonly clock: Clock
  /** Exporters where none is given. */
  readonly targetKind?: TargetKind
  /** How often files are looked at, ms; 5 s where none is given. */
  readonly filesEveryMs?: number
  /** How often HTTP SD is asked, ms; 60 s where none is given, as Prometheus does. */
  readonly httpEveryMs?: number
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

const FIRST_RETRY_MS = 2000

/** One place where targets are listed. A place that fails keeps its last good list, and says so. */
interface Place {
  readonly name: string
  readonly address: string
  readonly everyMs: number
  readonly health: TargetHealth
  list: TargetList
  /** @throws what describeFailure puts in words */
  read(): Promise<FilesRead>
}

export function createDiscovery(options: DiscoveryOptions): Discovery {
  const { clock, onTargets, targetKind = EXPORTERS } = options
  const fixed = staticTargets(options.static, targetKind)
  const abort = new AbortController()
  const places = [
    ...options.files.map((pattern) => filePlace(pattern, options)),
    ...options.http.map((url) => httpPlace(url, options, abort.signal)),
  ]
  const timers = new Set<ReturnType<typeof setTimeout>>()
  const running = new Set<Promise<void>>()
  const getsSecret = secretRule(options)
  let merged: readonly ScrapeTarget[] = []
  let known = false
  let closed = false

  function merge(): void {
    const byUrl = new Map<string, ScrapeTarget>()
    for (const target of [...fixed.targets, ...places.flatMap((place) => place.list.targets)]) {
      if (!byUrl.has(target.url)) byUrl.set(target.url, target)
    }
    const next = [...byUrl.values()]
    if (known && sameTargets(merged, next)) return
    known = true
    merged = next
    onTargets(merged)
  }

  async function visit(place: Place): Promise<void> {
    const { health } = place
    const at = clock.now()
    const started = clock.monotonic()
    health.lastAttemptAt = at
    try {
      const { list, failure, warnings } = await place.read()
      if (closed) return
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
      if (closed) return
      const failure = describeFailure(error, { source: place.name, address: place.address })
      const kept = place.list.targets.length
      health.failed(
        kept === 0
          ? failure
          : { ...failure, text: `${failure.text}; the last good list of ${kept} targets stays in use` },
      )
    }
    const pauseMs = pauseOf(place)
    health.nextAttemptAt = clock.now() + pauseMs
    const timer = setTimeout(() => {
      timers.delete(timer)
      void track(visit(place))
    }, pauseMs)
    timers.add(timer)
  }

  function track(visiting: Promise<void>): Promise<void> {
    running.add(visiting)
    return visiting.finally(() => running.delete(visiting))
  }

  return {
    async start() {
      merge()
      await Promise.all(places.map((place) => track(visit(place))))
    },
    targets: () => merged,
    health: () => [
      ...fixedHealth(fixed, clock.now(), targetKind),
      ...places.map(({ health, name, address }) => discoveryHealth(health, name, address, targetKind)),
    ],
    async close() {
      closed = true
      abort.abort()
      for (const timer of timers) clearTimeout(timer)
      await Promise.allSettled(running)
    },
  }
}

/** Which targets get the secret of the section; null where it has none. */
function secretRule({
  authorise,
  secretScope,
}: DiscoveryOptions): ((target: ScrapeTarget) => boolean) | null {
  if (authorise === undefined || authorise === noAuth) return null
  return ({ url }) => secretScope?.covers(url) ?? true
}

const MOST_NAMED = 3

/** A list that brings addresses which nobody has confirmed: their 401 has a cause that stands in no answer of theirs. */
function withoutSecret(
  targets: readonly ScrapeTarget[],
  getsSecret: (target: ScrapeTarget) => boolean,
  { section }: TargetKind,
): SourceDoubt[] {
  const bare = targets.filter((target) => !getsSecret(target))
  if (bare.length === 0) return []
  const named = bare.slice(0, MOST_NAMED).map(({ name }) => name)
  const more = bare.length > MOST_NAMED ? ` and ${bare.length - MOST_NAMED} more` : ''
  return [
    {
      code: 'outside-secret-scope',
      severity: 'advisory',
      what: `${plural(bare.length, 'listed address', 'listed addresses')} of ${targets.length} ${bare.length === 1 ? 'is' : 'are'} asked without the secret of ${section}`,
      by: `${named.join(', ')}${more}`,
      nextStep: `Where they are yours, name them under ${section}.secretFor, such as *.gpu.example.net:9400 or 10.0.0.0/8; else find out who wrote the list.`,
    },
  ]
}

/** A place that failed is asked again sooner than its turn would be: the floor waits for its list. */
function pauseOf({ everyMs, health }: Place): number {
  if (health.failures === 0) return everyMs
  const policy = {
    baseMs: FIRST_RETRY_MS,
    ceilingMs: everyMs,
    floorMs: Math.min(everyMs, FIRST_RETRY_MS / 2),
  }
  return backoffDelay(health.failures, policy, Math.random())
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
  return [discoveryHealth(health, 'static targets', `${kind.section}.static`, kind)]
}

function filePlace(pattern: string, options: DiscoveryOptions): Place {
  const { filesEveryMs = 5000 } = options
  const read = readChangedFiles(pattern, secretRule(options) ?? undefined)
  return {
    name: 'file_sd',
    address: pattern,
    everyMs: filesEveryMs,
    health: new TargetHealth(),
    list: { targets: [], problems: [] },
    read,
  }
}

function httpPlace(url: string, options: DiscoveryOptions, signal: AbortSignal): Place {
  return {
    name: 'HTTP SD',
    address: url,
    everyMs: options.httpEveryMs ?? 60_000,
    health: new TargetHealth(),
    list: { targets: [], problems: [] },
    async read() {
      const answer = await boundedRequest({
        url,
        agent: options.agent,
        headers: { ...options.headers, accept: 'application/json' },
        ...(options.authorise ? { authorise: options.authorise } : {}),
        deadlineMs: options.deadlineMs,
        maxBodyBytes: MAX_LIST_BYTES,
        compressed: true,
        signal,
      })
      if (answer.status !== 200)
        throw new SourceFailure(describeStatus(answer.status, { source: 'HTTP SD', address: url }))
      const text = new TextDecoder().decode(answer.body)
      return {
        list: readList(() => readTargetGroups(text, 'json'), 'HTTP SD', url),
        failure: null,
        warnings: [],
      }
    },
  }
}

function discoveryHealth(
  health: TargetHealth,
  name: string,
  address: string,
  { kind, noun }: TargetKind,
): SourceHealth {
  const target = { url: address, name: `${name} ${redactUrl(address)}`, labels: new Map<string, string>() }
  return {
    ...health.describe(target, false, Number.POSITIVE_INFINITY),
    // One list may name both kinds of targets, and each reads it for itself.
    id: kind === 'exporter' ? `discovery ${address}` : `discovery of ${noun}s ${address}`,
    kind: 'discovery',
    feeding: false,
    bytes: null,
  }
}
