import { type Begin, FIRST_LOOK_MS } from '../../begin.ts'
import type { Host } from '../places/hosts.ts'
import type { Group } from './group.ts'
import type { Speaking } from './wording.ts'

/** Where the samples themselves date it; else when it was first listed, which is `before` where it was already. */
export function beginOf(speaking: Speaking, part: Group, before: Begin | undefined): Begin {
  const { registry, evaluation, xids } = speaking
  const host = registry.hosts.all[part.host]
  const first = part.units[0] as number
  switch (part.kind) {
    case 'frozen': {
      const since = host?.frozenSince ?? null
      if (since !== null) return { at: since, atLeast: !hasMoved(host, since) }
      break
    }
    case 'stale':
    case 'missing': {
      const newest = part.units.reduce(
        (at, unit) => Math.max(at, evaluation.freshAt[unit] as number),
        Number.NEGATIVE_INFINITY,
      )
      if (Number.isFinite(newest)) return { at: newest, atLeast: false }
      // Seen by an engine before this one.
      const remembered = host?.rememberedAt ?? Number.NaN
      if (!Number.isNaN(remembered)) return { at: remembered, atLeast: false }
      // A listed GPU that has never answered: what it did before this console began to look is not known.
      return before ?? { at: evaluation.now, atLeast: true }
    }
    case 'xid': {
      const record = xids.records(first).find(({ code }) => String(code) === part.cause)
      if (record) return { at: record.at, atLeast: record.atLeast }
      break
    }
    case 'identityChanged': {
      const at = registry.units[first]?.identityChangedAt ?? null
      if (at !== null) return { at, atLeast: false }
      break
    }
    case 'busyButIdle': {
      const at = evaluation.busyIdleSince[first] as number
      if (!Number.isNaN(at) && before === undefined) return { at, atLeast: isFirstLook(speaking, part, at) }
      break
    }
  }
  return before ?? { at: evaluation.now, atLeast: isFirstLook(speaking, part, evaluation.now) }
}

/** Whether the units were first judged so shortly before `at` that it may have been there already. */
function isFirstLook({ evaluation }: Speaking, { units }: Group, at: number): boolean {
  return units.some((unit) => {
    const watched = evaluation.watchedSince[unit] as number
    return !(at - watched > FIRST_LOOK_MS)
  })
}

/** A slot that is empty once the exporter's first answers are in was so before. */
export function emptySlotBegin({ readAt }: Host, now: number): Begin {
  return { at: now, atLeast: now - readAt <= FIRST_LOOK_MS }
}

/** Whether its figures have changed at all before they stood still: the first answer counts as a change. */
function hasMoved(host: Host | null | undefined, since: number): boolean {
  return host !== null && host !== undefined && host.cadence > 0 && since > host.readAt
}
