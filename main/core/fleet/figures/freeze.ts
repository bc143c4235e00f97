import { message } from '../../../../shared/messages/message.ts'
import { fieldCode } from '../../../../shared/model/field.ts'
import { formatDuration } from '../../../../shared/model/time.ts'
import type { StaleLimits } from '../sources/cadences.ts'
import { CELL } from './columns.ts'
import type { Host } from '../places/hosts.ts'
import type { Registry } from '../places/registry.ts'

/**
 * Frozen exporters: /metrics answers, and every figure is the one from before (gpu-monitoring-tools#188). dcgm-exporter
 * itself collects only every 30 s by default, so equal answers are normal for a while: how long is learnt from the
 * pauses between changes. Judged per host, so that it works the same way through Prometheus.
 */

/** How many learnt pauses without a change make a freeze. */
const PAUSES = 4
const JITTER_FIELDS = [fieldCode('energy'), fieldCode('power')]

/** Since when a host's figures stand still although it answers; null while they move, or nothing can be said. */
export function frozenSince(
  registry: Registry,
  host: Host,
  now: number,
  freezeAfterMs: number,
  limits: StaleLimits,
): number | null {
  if (
    host.quietSince === Number.NEGATIVE_INFINITY ||
    now - host.answeredAt > silenceOf(registry, host, limits)
  )
    return null
  if (host.suspectSince !== null && host.changedAt <= host.suspectSince) {
    return Math.min(host.suspectSince, host.quietSince)
  }
  const limit = Math.max(freezeAfterMs, PAUSES * Math.min(host.cadence, freezeAfterMs))
  if (host.answeredAt - host.quietSince <= limit) return null
  return jitters(registry, host) ? host.quietSince : null
}

/** How long the slowest of its sources may say nothing before the host does not answer, ms. */
function silenceOf(registry: Registry, host: Host, limits: StaleLimits): number {
  return host.units.reduce(
    (longest, unit) => Math.max(longest, limits.ofRow(registry.columns.seenBy[unit] as number)),
    limits.ofRow(-1),
  )
}

/**
 * Energy and power move on any living board, also an idle one. Without either, standing still proves nothing: an idle
 * host at 28 degrees and 0 % looks the same for hours.
 */
function jitters(registry: Registry, host: Host): boolean {
  const { cell, value } = registry.columns
  return host.units.some((unit) =>
    JITTER_FIELDS.some((f) => (cell[f]?.[unit] ?? 0) === CELL.live && (value[f]?.[unit] ?? 0) > 0),
  )
}

/** Judges every host; a frozen one's figures are as old as its last change, whatever the time of its answers. */
export function judgeFreezes(
  registry: Registry,
  now: number,
  freezeAfterMs: number,
  limits: StaleLimits,
): void {
  const { seenAt } = registry.columns
  for (const host of registry.hosts.all) {
    if (!host) continue
    const since = frozenSince(registry, host, now, freezeAfterMs, limits)
    if (since !== null) {
      if (host.frozenSince === null) {
        const text = message('event.frozen', { silence: formatDuration(now - since) })
        registry.events.note(now, 'advisory', host.name, text)
      }
      for (const unit of host.units) {
        for (const each of [unit, ...(registry.units[unit]?.instances ?? [])]) {
          if ((seenAt[each] as number) > since) seenAt[each] = since
        }
      }
    } else if (host.frozenSince !== null && host.changedAt > host.frozenSince) {
      registry.events.note(now, 'normal', host.name, message('event.moving'))
    }
    host.frozenSince = since
  }
}
