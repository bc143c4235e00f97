import type { Inventory } from '../../../../shared/model/inventory.ts'
import type { SourceBudget } from '../sources/budget.ts'

/** One host: where it stands, what is expected of it, and its clock of change (hostChanges.ts). Times are ms, NaN: never. */
export interface Host {
  /** Another one once its boards answer under another name. */
  name: string
  /** Places in the inventory; null for a host that it does not list. */
  readonly listed: { readonly floor: number; readonly rack: number; readonly order: number } | null
  readonly expected: number | null
  /** Type that the inventory expects, as written there. */
  readonly expectedType: string | null
  readonly listedUuids: readonly string[]
  /** Nothing but its address, or the pod of its exporter, names it. */
  weakName: boolean
  /** The budget of the source that named it first; null where the inventory lists it. */
  readonly taughtBy: SourceBudget | null
  /** Units of its physical GPUs. */
  units: number[]
  /** When a complete observation first named it. */
  readAt: number
  /** When it was called although no source had named it, and how many exporters of unknown machines were silent then. */
  calledAt: number
  silentThen: number
  /** When a silent exporter first stood for it, or may have, while no source had ever named it. */
  unansweredAt: number
  /** When an engine before this one saw it last; this one starts with it in its place. */
  rememberedAt: number
  /** Newest sample of any of its figures. */
  answeredAt: number
  /** Since when every answer brought the same figures; the first answer counts as a change. */
  quietSince: number
  /** When a figure last differed from the one before. */
  changedAt: number
  /** Learnt pause between changes, ms. */
  cadence: number
  /** Told from outside: no change since then. */
  suspectSince: number | null
  frozenSince: number | null
  /** When its driver was last seen to come back. */
  reloadedAt: number
}

export interface HostTable {
  readonly all: (Host | null)[]
  /** Place of a host by its label, taking `h-1.example.com`, `H-1` and `h-1:9400` for the inventory's `h-1`; -1: unknown. */
  find(label: string): number
  add(name: string, weakName: boolean, taughtBy: SourceBudget | null): number
  /** The same machine under another name; not for one that the inventory lists. */
  rename(place: number, name: string): void
  remove(place: number): void
}

function newHost(name: string, listing: Partial<Host>): Host {
  return {
    name,
    listed: null,
    expected: null,
    expectedType: null,
    listedUuids: [],
    weakName: false,
    taughtBy: null,
    units: [],
    readAt: Number.NaN,
    calledAt: Number.NaN,
    silentThen: 0,
    unansweredAt: Number.NaN,
    rememberedAt: Number.NaN,
    answeredAt: Number.NEGATIVE_INFINITY,
    quietSince: Number.NEGATIVE_INFINITY,
    changedAt: Number.NEGATIVE_INFINITY,
    cadence: 0,
    suspectSince: null,
    frozenSince: null,
    reloadedAt: Number.NEGATIVE_INFINITY,
    ...listing,
  }
}

export function createHosts(inventory: Inventory | null): HostTable {
  const all: (Host | null)[] = []
  const byName = new Map<string, number>()
  /** Machines that the inventory does not list, by their name in lower case: names of machines have no case. */
  const learnt = new Map<string, number>()
  const free: number[] = []

  let rack = 0
  inventory?.floors.forEach((floor, floorPlace) => {
    for (const { hosts } of floor.racks) {
      for (const host of hosts) {
        // A host listed twice keeps its first place.
        if (byName.has(host.name)) continue
        byName.set(host.name, all.length)
        all.push(
          newHost(host.name, {
            listed: { floor: floorPlace, rack, order: all.length },
            expected: host.gpus,
            expectedType: host.type,
            listedUuids: host.uuids ?? [],
          }),
        )
      }
      rack++
    }
  })
  const aliases = aliasesOf([...byName.keys()])

  return {
    all,
    find(label) {
      const exact = byName.get(label)
      if (exact !== undefined) return exact
      for (const form of shortForms(label)) {
        const listed = aliases.get(form)
        if (listed) return byName.get(listed) ?? -1
      }
      return learnt.get(label.toLowerCase()) ?? -1
    },
    add(name, weakName, taughtBy) {
      const place = free.pop() ?? all.length
      all[place] = newHost(name, { weakName, taughtBy })
      if (taughtBy) taughtBy.held.hosts += 1
      byName.set(name, place)
      learnt.set(name.toLowerCase(), place)
      return place
    },
    rename(place, name) {
      const host = all[place]
      if (!host || host.listed) return
      byName.delete(host.name)
      learnt.delete(host.name.toLowerCase())
      host.name = name
      byName.set(name, place)
      learnt.set(name.toLowerCase(), place)
    },
    remove(place) {
      const host = all[place]
      if (!host || host.listed) return
      byName.delete(host.name)
      learnt.delete(host.name.toLowerCase())
      if (host.taughtBy) host.taughtBy.held.hosts -= 1
      all[place] = null
      free.push(place)
    },
  }
}

/** Forms under which exporters and Prometheus name one and the same machine. An address keeps its dots. */
export function shortForms(label: string): string[] {
  const lower = label.toLowerCase()
  const bare = lower.replace(/:\d+$/, '')
  const isAddress = /^[\d.]+$/.test(bare) || bare.includes(':')
  return isAddress ? [lower, bare] : [lower, bare, bare.split('.')[0] as string]
}

/** Short forms that mean exactly one listed host; an ambiguous one means none. */
export function aliasesOf(names: readonly string[]): Map<string, string | null> {
  const aliases = new Map<string, string | null>()
  for (const name of names) {
    for (const form of new Set(shortForms(name))) aliases.set(form, aliases.has(form) ? null : name)
  }
  return aliases
}
