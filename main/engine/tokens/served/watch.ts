import type { SourceHealth } from '../../../../shared/model/source.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { Cadence } from '../../../core/cadence.ts'
import { createJoin, type Join } from '../../../core/tokens/served/join.ts'
import type { Served } from '../../../core/tokens/served/types.ts'
import { createServed } from '../../../core/tokens/served/served.ts'
import { nameOf } from '../../../core/tokens/served/roster.ts'
import { doubtsOf, type ServedFault } from '../../../core/tokens/served/faults.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Logger } from '../../../platform/logger.ts'
import type {
  InferenceListener,
  InferenceRound,
  InferenceSource,
  PrometheusInference,
} from '../../../sources/inference/index.ts'
import { type ArbiterEvent, arbitrate, type ArbiterRules, startArbiter } from '../../feeds/arbiter.ts'
import { LATENCY_WINDOW_MS } from '../windows.ts'

/** How to start each of the two ways to the inference servers; null where it is not configured. */
export interface InferenceWays {
  readonly prometheus: ((listener: InferenceListener) => PrometheusInference) | null
  readonly direct: ((listener: InferenceListener) => InferenceSource) | null
}

export interface ServedWatchOptions {
  readonly ways: InferenceWays
  readonly topology: () => Topology
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
}

/** What the inference servers say, by whichever way can be believed now. */
export interface ServedWatch {
  /** Replaced when the way turns: servers have other names on the other way, and are not to be counted twice. */
  served(): Served
  readonly path: () => 'prometheus' | 'direct' | 'none'
  /** Of the way that stands, in words for a screen: "inference servers through Prometheus". */
  sourceText(): string
  /** Of the last round that came in; 0 before. */
  rounds(): number
  warnings(): readonly string[]
  /** To ask for quantiles over the time; null while Prometheus is not the way. */
  quantiles(): PrometheusInference | null
  join(): Join
  sources(): SourceHealth[]
  /** Before every picture: the way is decided again, servers are joined with the present floor. */
  cut(): void
  close(): Promise<void>
}

const RULES: ArbiterRules = {
  failuresToLeave: 2,
  answersToReturn: 3,
  staleAfterMs: 60_000,
  startPatienceMs: 5_000,
}
const USUAL_CADENCE_MS = 60_000
/** What the engine remembers of served tokens, ms. */
const WINDOW_MS = 20 * 60_000
const SLICE_MS = 5_000

export function watchServed(options: ServedWatchOptions): ServedWatch {
  const { ways, clock, logger, onNews } = options
  const instant = () => ({ at: clock.monotonic(), wall: clock.now() })
  const facts = { prometheus: ways.prometheus !== null, exporters: ways.direct === null ? 0 : 1 }
  let served = createServed({ windowMs: WINDOW_MS, sliceMs: SLICE_MS })
  let joined: { readonly version: number; readonly join: Join } | null = null
  let state = startArbiter(instant())
  let rounds = 0
  let warnings: readonly string[] = []

  function decide(event: ArbiterEvent): void {
    const before = state.path
    state = arbitrate(state, event, facts, instant(), RULES)
    if (state.path === before) return
    if (before !== 'none') served = createServed({ windowMs: WINDOW_MS, sliceMs: SLICE_MS })
    if (joined !== null) served.setJoin(joined.join)
    direct?.setActive(state.path === 'direct')
    if (before !== 'none')
      logger.info({ path: state.path, trouble: state.trouble }, 'the way to inference turned')
    onNews()
  }

  function take(round: InferenceRound): void {
    served.observe(round)
    warnings = round.warnings
    rounds += 1
    onNews()
  }

  // Until it is learnt that of Prometheus' own default.
  const cadence = new Cadence(USUAL_CADENCE_MS)
  const prometheus =
    ways.prometheus?.({
      onRound(round) {
        const newest = round.samples.reduce(
          (latest, { at }) => Math.max(latest, at),
          Number.NEGATIVE_INFINITY,
        )
        const dataAgeMs = round.samples.length === 0 ? null : Math.max(0, round.at - newest)
        if (round.samples.length > 0) cadence.note(newest)
        decide({ kind: 'answered', dataAgeMs, cadenceMs: cadence.ms })
        if (state.path === 'prometheus') take(round)
      },
      onFailure: (error) => decide({ kind: 'failed', text: error.text }),
      leftOutOf: (kind) => served.otherPart(kind),
    }) ?? null
  const direct =
    ways.direct?.({
      onRound(round) {
        if (state.path === 'direct') take(round)
      },
      // One server that does not answer is told with the sources; the others go on.
      onFailure: () => onNews(),
    }) ?? null
  prometheus?.setActive(true)
  decide({ kind: 'tick' })

  function present(): Join {
    const topology = options.topology()
    if (joined?.version !== topology.version) {
      joined = { version: topology.version, join: createJoin(topology) }
      served.setJoin(joined.join)
    }
    return joined.join
  }

  return {
    served: () => served,
    path: () => state.path,
    sourceText() {
      if (state.path === 'prometheus') return 'inference servers through Prometheus'
      if (state.path === 'direct') {
        return facts.prometheus
          ? 'inference servers, asked directly while Prometheus has no answer'
          : 'inference servers, asked directly'
      }
      if (!facts.prometheus && facts.exporters === 0) return 'no inference servers are configured'
      return state.trouble === null
        ? 'waiting for the first answer of the inference servers'
        : `no inference servers: Prometheus ${withoutSource(state.trouble)}`
    },
    rounds: () => rounds,
    warnings: () => warnings,
    quantiles: () => (state.path === 'prometheus' ? prometheus : null),
    join: present,
    sources() {
      const faults = state.path === 'none' ? [] : served.faults(clock.now())
      return withDoubts([...(prometheus?.health() ?? []), ...(direct?.health() ?? [])], faults)
    },
    cut() {
      decide({ kind: 'tick' })
      present()
    },
    async close() {
      await Promise.all([prometheus?.close(), direct?.close()])
    },
  }
}

/** To the source that each server is; those that come through another source are its own. */
function withDoubts(sources: readonly SourceHealth[], faults: readonly ServedFault[]): SourceHealth[] {
  if (faults.length === 0) return [...sources]
  const through = sources.find(({ feeding, kind }) => feeding && kind === 'inference')?.id
  const bySource = Map.groupBy(faults, ({ server }) => server.source ?? through)
  return sources.map((source) => {
    const own = bySource.get(source.id)
    return own === undefined ? source : { ...source, doubts: [...source.doubts, ...doubtsOf(own, nameOf)] }
  })
}

/** The window over which both ways sum latencies, in words. */
export const LATENCY_WINDOW_TEXT = `last ${LATENCY_WINDOW_MS / 60_000} min`

function withoutSource(text: string): string {
  return text.replace(/^[^:]{0,60}: /, '')
}
