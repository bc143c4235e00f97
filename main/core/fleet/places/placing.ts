import { type Labels, uuidLabel } from './identity.ts'
import { addressName, addressOf, hostNameOf, type HostName } from './hostName.ts'
import { apartName, findNamesakes, suspectedNamesakes } from './namesakes.ts'
import type { Registry } from './registry.ts'
import { boundedText } from '../text.ts'
import type { Remarks } from '../sources/remarks.ts'

/** Who says what is placed, and who else lives. */
export interface Placing {
  readonly registry: Registry
  readonly source: string
  /** Labels that discovery gives the target. */
  readonly target: Labels
  readonly hostLabels: readonly string[]
  readonly at: number
  readonly remarks: Remarks
  /** UUIDs that this answer gives to several boards: they distinguish nothing. */
  readonly ambiguous: ReadonlySet<string>
  /** Another source that answers for this board now; -1: none does. */
  readonly otherOwner: (unit: number) => number
  readonly nameOf: (feeder: number) => string
  /** Where another source answers, as {@link addressOf}. */
  readonly addressOf: (feeder: number) => string
  /** The answer names no GPU by a UUID: only its address tells its machine from another of the same name. */
  readonly nameless: boolean
  /** How old a unit's figures may be before they are stale, ms. */
  readonly staleLimit: (unit: number) => number
}

/** Names in the alias table; a bound against nonsense. */
const MOST_ALIASES = 16_384

export function uuidOf({ ambiguous }: Placing, labels: Labels): string {
  const uuid = uuidLabel(labels)
  return ambiguous.has(uuid) ? '' : uuid
}

/** Which machine the labels name, and under which name it stands on the floor. */
export function machineOf(placing: Placing, labels: Labels): HostName {
  const { registry, source, target, hostLabels, remarks } = placing
  const named = hostNameOf(labels, {
    source,
    target,
    hostLabels,
    isListed: (name) => (registry.hosts.all[registry.hosts.find(name)]?.listed ?? null) !== null,
  })
  if (named.wrong !== null && named.byAddress) remarks.note('wrongName', named.wrong, named.name)
  const namesakes = registry.namesakes.get(namesakesKey(source, named.name))
  const apart = boundedText(apartName(named.name, labels, namesakes))
  if (namesakes !== undefined && apart !== named.name) {
    remarks.note('namesakes', named.name, `${apart}, by the label ${namesakes.label}`)
    return { ...named, name: apart, byAddress: false }
  }
  const key = aliasKey(addressOf(labels, target, source), named.name)
  const alias = registry.aliases.get(key)
  if (alias === undefined) return named
  // The other machine of this name has left the floor.
  if (registry.hosts.find(named.name) < 0) {
    registry.aliases.delete(key)
    return named
  }
  remarks.note('sharedName', named.name, alias)
  return { ...named, name: alias, weak: true }
}

/** Notes machines of one name within this answer, so that {@link machineOf} distinguishes them. */
export function noteNamesakes(placing: Placing, subjects: readonly Labels[]): void {
  const { registry, source, hostLabels, remarks } = placing
  const suspects = suspectedNamesakes(subjects, hostLabels, (labels) => uuidOf(placing, labels))
  if (suspects.length === 0) return
  const boards = suspects.map((labels) => ({ host: machineOf(placing, labels).name, labels }))
  const unresolved = findNamesakes(registry, boards, (host) => namesakesKey(source, host))
  for (const place of unresolved) remarks.note('oneSlot', place, '')
}

function namesakesKey(source: string, name: string): string {
  return `${source}\u0000${name}`
}

/** Machines of one name that answer within this of the start share it by their addresses, not by who came first, ms. */
const SETTLING_MS = 120_000

/**
 * Another living source has another board in this slot of a machine of this name: so there are two machines of one name.
 * The one with the lower address has it, so that it is the same one after every start; everything that is said of the
 * other stands under its address. A listed machine keeps its name once the start is over.
 */
export function tellApart(placing: Placing, labels: Labels, slot: number): void {
  const { registry, source, target } = placing
  const { name } = machineOf(placing, labels)
  const address = addressOf(labels, target, source)
  const host = registry.hosts.find(name)
  const uuid = uuidOf(placing, labels)
  if (host < 0 || address === name || registry.aliases.size >= MOST_ALIASES) return
  if (uuid === '' && !placing.nameless) return
  const known = uuid === '' ? undefined : registry.byUuid.get(uuid)
  const knownHost = known === undefined ? -1 : (registry.columns.host[known] as number)
  // Its boards were renumbered: that is one machine.
  if (knownHost === host) return
  const unit = registry.board(host, slot)
  const before = registry.units[unit]?.uuid ?? ''
  // The other way to the floor has distinguished them before.
  const toldApart = knownHost >= 0 && registry.hosts.all[knownHost]?.name === address
  const owner = placing.otherOwner(unit)
  const isAnother = uuid === '' ? owner >= 0 : before !== '' && before !== uuid
  const taken = isAnother && owner >= 0
  if (!taken && !toldApart) return
  if (taken) {
    const theirs = placing.addressOf(owner)
    if (uuid === '' && addressName(theirs) === addressName(address)) {
      placing.remarks.note('contested', registry.place(unit), placing.nameOf(owner))
      return
    }
    if (mayTakeName(placing, host, slot, uuid) && address < theirs) {
      giveName(placing, host, name, theirs)
      return
    }
  }
  registry.aliases.set(aliasKey(address, name), address)
}

function mayTakeName({ registry, at }: Placing, place: number, slot: number, uuid: string): boolean {
  const host = registry.hosts.all[place]
  if (!host?.listed) return true
  const uuids = host.listedUuids
  if (uuids.length > 0) return uuid !== '' && uuids[slot] === uuid
  return at - registry.startedAt <= SETTLING_MS
}

/** The machine that had the name goes by its address from here on, with its boards and their past as far as it can. */
function giveName({ registry, at }: Placing, place: number, name: string, theirs: string): void {
  const host = registry.hosts.all[place]
  if (!host) return
  registry.aliases.set(aliasKey(theirs, name), theirs)
  if (host.listed) registry.vacate(place)
  else if (registry.hosts.find(theirs) < 0) {
    registry.rename(place, theirs, at)
    host.weakName = true
  } else registry.moved++
}

/** By its address, so that a machine has one name whichever way leads to it. */
function aliasKey(address: string, name: string): string {
  return `${address}\u0000${name}`
}

/**
 * Machines of which this answer names most boards under another name: the pod of an exporter was replaced, or a machine
 * renamed. They go by the new name from here on, so that nothing is missing and nothing stands twice.
 * @param subjects labels of each GPU that the answer names
 * @param aStep how many of them one step looks at
 */
export function* followRenames(
  placing: Placing,
  subjects: readonly Labels[],
  aStep: number,
): Generator<void, void> {
  const { registry, at } = placing
  const found = new Map<number, { machine: HostName; boards: Set<number> }>()
  for (const [i, labels] of subjects.entries()) {
    if (i % aStep === 0) yield
    const uuid = uuidOf(placing, labels)
    const unit = uuid === '' ? undefined : registry.byUuid.get(uuid)
    if (unit === undefined || placing.otherOwner(unit) >= 0) continue
    const host = registry.columns.host[unit] as number
    const machine = machineOf(placing, labels)
    // An address or a pod says less than a name, and a narrow query nothing of the machine.
    if (machine.weak && (registry.hosts.all[host]?.weakName !== true || isNarrow(labels))) continue
    if (machine.name === '' || registry.hosts.find(machine.name) >= 0) continue
    const known = found.get(host)
    if (known) known.boards.add(unit)
    else found.set(host, { machine, boards: new Set([unit]) })
  }
  for (const [place, { machine, boards }] of found) {
    const host = registry.hosts.all[place]
    if (!host || host.listed !== null || boards.size * 2 <= host.units.length) continue
    if (registry.hosts.find(machine.name) >= 0) continue
    registry.rename(place, machine.name, at)
    host.weakName = machine.weak
  }
}

/** A narrow query names a GPU by its UUID alone and says nothing of its machine. */
export function isNarrow(labels: Labels): boolean {
  return !labels.has('gpu') && !labels.has('device')
}
