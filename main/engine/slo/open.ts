import { message } from '../../../shared/messages/message.ts'
import type { ObjectiveOptions, SiteConfig } from '../../config/types.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Store } from '../../store/index.ts'
import { openPrometheus } from '../site/prometheusAccess.ts'
import type { Measuring } from '../tokens/types.ts'
import { meteringMinutes } from './sources/metering.ts'
import { promqlMinutes } from './sources/promql.ts'
import { serverMinutes } from './sources/servers.ts'
import type { MinuteSource } from './sources/source.ts'
import type { SloWatch } from './types.ts'
import { watchObjectives } from './watch.ts'

const PROMETHEUS_CONNECTIONS = 2

export interface OpenSloOptions {
  /** Null in setup mode. */
  readonly config: SiteConfig | null
  /** Who measures tokens now: replaced when the clock was set. */
  readonly measuring: () => Measuring
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
}

/** The objectives of a configured site. Pairs of PromQL have connections of their own; all else goes by the token side's. */
export function openSlo({ config, measuring, store, clock, logger, onNews }: OpenSloOptions): SloWatch {
  const objectives = config?.objectives ?? []
  const prometheus = config?.prometheus ?? null
  const access =
    prometheus !== null && objectives.some(({ source }) => source === 'promql')
      ? openPrometheus(prometheus, clock, PROMETHEUS_CONNECTIONS)
      : null
  const made = new Map<string, { readonly of: unknown; readonly source: MinuteSource }>()

  /** Made once for each objective and for each of those who measure. */
  function once(objective: ObjectiveOptions, of: unknown, make: () => MinuteSource): MinuteSource {
    const known = made.get(objective.id)
    if (known !== undefined && known.of === of) return known.source
    const source = make()
    made.set(objective.id, { of, source })
    return source
  }

  function sourceOf(objective: ObjectiveOptions): MinuteSource | null {
    const { metering, served, client } = measuring()
    if (objective.source === 'metering') {
      if (metering === null) return null
      const lagAllowedMs = config?.metering?.lagAllowedMs ?? 60_000
      return once(objective, metering.source, () => meteringMinutes(objective, { ...metering, lagAllowedMs }))
    }
    if (objective.source === 'servers') {
      return served === null
        ? null
        : once(objective, served, () => serverMinutes(objective, { served, client }))
    }
    if (access === null || prometheus === null) return null
    const name = message('slo.source.prometheus', { address: new URL(prometheus.url).host })
    return once(objective, access, () => promqlMinutes(objective, access.client, name))
  }

  return watchObjectives({
    objectives,
    sourceOf,
    store,
    clock,
    logger,
    onNews,
    onCorrected: measuring().metering?.onCorrected ?? null,
    closeSources: access?.close ?? null,
  })
}
