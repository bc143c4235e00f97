import { message } from '../../../../shared/messages/message.ts'
import type { Finding } from '../../../../shared/model/finding.ts'
import type { Host } from './hosts.ts'
import type { Registry } from './registry.ts'

/**
 * Empty slots of hosts that no inventory lists. A driver numbers its GPUs without gaps, so indices 0 to 5 and 7 point at a
 * slot 6 whose board is not there. An exporter that is told to show a few GPUs alone leaves wide gaps: of those nothing is
 * said.
 */
export interface EmptySlot {
  readonly host: Host
  readonly slot: number
  /** "0\u20135, 7" */
  readonly seen: string
}

/** The first answers of an exporter can lack GPUs that are there, ms. */
const SETTLED_MS = 10_000
/** Gaps of more than this share of the boards that are there are no empty slots. */
const MOST_SHARE = 0.5

export function emptySlots({ hosts, units }: Registry, now: number): EmptySlot[] {
  const found: EmptySlot[] = []
  for (const host of hosts.all) {
    if (!host || !(now - host.readAt >= SETTLED_MS)) continue
    const slots = host.units.map((unit) => units[unit]?.slot ?? 0)
    for (const slot of gapsOf(host, slots)) found.push({ host, slot, seen: ranges(slots) })
  }
  return found
}

/** Slots between those that a host answers for and that are not there. @param slots of its boards, ascending */
export function gapsOf(host: Host, slots: readonly number[]): number[] {
  if (host.listed !== null || slots.length < 2) return []
  const last = slots.at(-1) ?? 0
  const gap = last + 1 - slots.length
  if (gap <= 0 || gap > slots.length * MOST_SHARE) return []
  const taken = new Set(slots)
  return Array.from({ length: last }, (_, slot) => slot).filter((slot) => !taken.has(slot))
}

export function emptySlotFinding({ host, slot, seen }: EmptySlot, since: number): Finding {
  return {
    id: emptySlotId(host, slot),
    kind: 'missing',
    severity: 'advisory',
    where: `${host.name} · GPU ${slot}`,
    rows: [],
    gpus: 1,
    since,
    what: message('finding.missing.slot', { slot: String(slot) }),
    by: message('finding.missing.slot.by', { slots: seen }),
    nextStep: message('finding.missing.slot.next'),
  }
}

export function emptySlotId(host: Host, slot: number): string {
  return `emptySlot/${host.name}/${slot}`
}

/** "0\u20135, 7" */
function ranges(slots: readonly number[]): string {
  const sorted = slots.toSorted((a, b) => a - b)
  const parts: [number, number][] = []
  for (const slot of sorted) {
    const open = parts.at(-1)
    if (open && slot === open[1] + 1) open[1] = slot
    else parts.push([slot, slot])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}\u2013${to}`)).join(', ')
}
