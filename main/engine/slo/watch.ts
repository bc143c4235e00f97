import { owedOf } from '../../../shared/model/objectiveWords.ts'
import type { BurnState, Objective } from '../../../shared/model/objective.ts'
import type { ObjectiveOptions } from '../../config/types.ts'
import { minuteOf } from '../../core/slo/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Store } from '../../store/index.ts'
import { Refusal } from '../session/refusal.ts'
import { dropOldMinutes, KeptMinutes } from './kept.ts'
import { ObjectiveWatch } from './objectiveWatch.ts'
import type { MinuteSource } from './sources/source.ts'
import type { SloWatch } from './types.ts'
import { message } from '../../../shared/messages/message.ts'

export interface SloWatchOptions {
  readonly objectives: readonly ObjectiveOptions[]
  /** Who measures an objective; asked each time. Null where the section of the configuration is missing. */
  readonly sourceOf: (objective: ObjectiveOptions) => MinuteSource | null
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly onNews: () => void
  /** Released when the watch is closed. */
  readonly closeSources: (() => Promise<void>) | null
  /** Usage before a time was corrected, ms; returns its end. */
  readonly onCorrected: ((listener: (fromMs: number) => void) => () => void) | null
}

/** Questions that are under way at once: sources have others to answer. */
const AT_ONCE = 2
const DROP_EVERY_MS = 3_600_000
const DAY_MS = 86_400_000

/** How the objectives of a site burn. Nothing that a source does or fails to do is thrown from here. */
export function watchObjectives(options: SloWatchOptions): SloWatch {
  const { objectives, sourceOf, store, clock, logger, onNews } = options
  const now = () => clock.now()
  const watches = objectives.map((objective) => {
    let source: MinuteSource | null = null
    return new ObjectiveWatch({
      objective,
      source: () => (source = sourceOf(objective) ?? source),
      kept: new KeptMinutes(store, objective, logger),
      now,
    })
  })
  const shown = objectives.map(shownOf)
  const byId = new Map(watches.map((watch) => [watch.objective.id, watch]))
  const longest = Math.max(0, ...objectives.map(({ windowDays }) => windowDays * 1440))
  const asking = new Map<ObjectiveWatch, Promise<void>>()
  const closing = new AbortController()
  const unfollow = options.onCorrected?.((fromMs) => {
    for (const watch of watches) if (watch.objective.source === 'metering') watch.corrected(fromMs)
  })
  let next = 0
  let droppedAt = Number.NEGATIVE_INFINITY

  function askWhatIsDue(): void {
    for (let i = 0; i < watches.length && asking.size < AT_ONCE; i++) {
      const watch = watches[(next + i) % watches.length] as ObjectiveWatch
      if (asking.has(watch) || !watch.isDue()) continue
      // Whoever was asked waits for all others.
      next = (next + i + 1) % watches.length
      const asked = watch
        .ask(closing.signal)
        .then(onNews, (error: unknown) => {
          if (!closing.signal.aborted) {
            logger.error({ err: error, objective: watch.objective.id }, 'an objective could not be asked for')
          }
        })
        .finally(() => asking.delete(watch))
      asking.set(watch, asked)
    }
  }

  function states(): readonly BurnState[] {
    return watches.map((watch) => watch.state())
  }

  function watchOf(id: string): ObjectiveWatch {
    const watch = byId.get(id)
    if (watch !== undefined) return watch
    throw new Refusal(
      'failed',
      message('refusal.objective', { objective: id }),
      message('refusal.objective.next'),
    )
  }

  return {
    objectives: () => shown,
    states,
    minutes: (id, fromMs, toMs) => byId.get(id)?.minutes(fromMs, toMs) ?? [],
    async byTenant(id, fromMs, toMs, signal) {
      const from = Math.max(fromMs, toMs - DAY_MS)
      return (await byId.get(id)?.byTenant(from, toMs, signal)) ?? null
    },
    item: () => ({ at: now(), objectives: [...shown], states: [...states()] }),
    objective({ objectiveId }) {
      const watch = byId.get(objectiveId)
      if (watch === undefined) return null
      const { fromMs, wantedMs, done } = watch.past()
      return {
        at: now(),
        objective: shownOf(watch.objective),
        owed: owedOf(watch.objective),
        state: watch.state(),
        bounds: [...watch.bounds()],
        source: watch.sourceName(),
        past: { fromMs, wantedMs, done },
      }
    },
    history({ objectiveId, fromMs, toMs, maxPoints }) {
      const watch = watchOf(objectiveId)
      const { stepMs, points } = watch.history(fromMs, toMs, maxPoints)
      return { objective: shownOf(watch.objective), stepMs, points: [...points] }
    },
    cut(at) {
      if (watches.length === 0) return
      for (const watch of watches) watch.tick()
      askWhatIsDue()
      if (Math.abs(at - droppedAt) >= DROP_EVERY_MS) {
        droppedAt = at
        dropOldMinutes(store, minuteOf(at), longest)
      }
    },
    async close() {
      closing.abort()
      unfollow?.()
      await Promise.all(asking.values())
      await options.closeSources?.()
    },
  }
}

/** Without what only the source needs. */
function shownOf(options: ObjectiveOptions): Objective {
  const { id, name, kind, latency, target, scope, source, windowDays, pairs, minBad } = options
  const shown = { id, name, kind, target, scope, source, windowDays, pairs, minBad }
  return latency === undefined ? shown : { ...shown, latency }
}
