import { type Labels, slotLabel, uuidLabel } from './identity.ts'
import type { Namesakes, Registry } from './registry.ts'

/*
 * Machines of one name in one answer, as a federated Prometheus, an OpenTelemetry collector or a store of many clusters
 * gives them. One slot holds one board: two UUIDs in it at the same moment are two machines, and whatever label differs
 * between them distinguishes them.
 */

/** Labels that intermediaries add to what an exporter says, the nearest to the machine first. */
export const APART_LABELS = [
  'exported_instance',
  'instance',
  'cluster',
  'cluster_name',
  'k8s_cluster_name',
  'service_instance_id',
] as const

/** A bound against nonsense. */
const MOST_NAMESAKES = 4096

/** A board as an answer names it. */
export interface NamedBoard {
  readonly host: string
  readonly labels: Labels
}

/**
 * Labels of boards that may be of machines with one name: nearly always none, which one look at each board tells.
 * @param uuidOf '' for a board that its UUID does not tell from others
 */
export function suspectedNamesakes(
  subjects: readonly Labels[],
  hostLabels: readonly string[],
  uuidOf: (labels: Labels) => string,
): Labels[] {
  const uuids = new Map<string, string>()
  const suspects = new Set<string>()
  const machineOf = (labels: Labels): string =>
    hostLabels.map((label) => labels.get(label) ?? '').join('\u0000')
  for (const labels of subjects) {
    const slot = slotLabel(labels)
    const uuid = uuidOf(labels)
    if (slot === null || uuid === '') continue
    const machine = machineOf(labels)
    const place = `${machine}\u0000${slot}`
    const before = uuids.get(place)
    if (before === undefined) uuids.set(place, uuid)
    else if (before !== uuid) suspects.add(machine)
  }
  if (suspects.size === 0) return []
  return subjects.filter(
    (labels) => slotLabel(labels) !== null && uuidOf(labels) !== '' && suspects.has(machineOf(labels)),
  )
}

/**
 * Looks for names that several machines of this answer have, and keeps how they are distinguished: later answers may show
 * one of the machines alone.
 * @param keyOf of a name within its source
 * @returns places that two boards claim and nothing distinguishes, as "gpu-01 · GPU 3"
 */
export function findNamesakes(
  registry: Registry,
  boards: readonly NamedBoard[],
  keyOf: (host: string) => string,
): string[] {
  const unresolved: string[] = []
  for (const [host, { slot, boards: ofHost }] of claimedTwice(boards)) {
    const label = APART_LABELS.find((name) => tellsApart(ofHost, name))
    if (label === undefined) {
      unresolved.push(`${host} · GPU ${slot}`)
      continue
    }
    if (registry.namesakes.size >= MOST_NAMESAKES) continue
    registry.namesakes.set(keyOf(host), { label, keeper: keeperOf(registry, host, ofHost, label) })
  }
  return unresolved
}

/** "gpu-01 (west)"; the plain name where the labels are of the machine that keeps it, or do not say. */
export function apartName(host: string, labels: Labels, namesakes: Namesakes | undefined): string {
  if (namesakes === undefined) return host
  const value = labels.get(namesakes.label) ?? ''
  return value === '' || value === namesakes.keeper ? host : `${host} (${value})`
}

interface Claimed {
  /** The first that is claimed twice. */
  readonly slot: number
  readonly boards: NamedBoard[]
}

/** Boards of every name under which one slot is claimed by several UUIDs. */
function claimedTwice(boards: readonly NamedBoard[]): Map<string, Claimed> {
  const uuids = new Map<string, string>()
  const found = new Map<string, Claimed>()
  for (const { host, labels } of boards) {
    const slot = slotLabel(labels) ?? 0
    const place = `${host}\u0000${slot}`
    const uuid = uuidLabel(labels)
    const before = uuids.get(place)
    if (before !== undefined && before !== uuid && !found.has(host)) found.set(host, { slot, boards: [] })
    uuids.set(place, uuid)
  }
  for (const board of boards) found.get(board.host)?.boards.push(board)
  return found
}

/** Whether no two boards in one slot have the same value of a label. */
function tellsApart(boards: readonly NamedBoard[], label: string): boolean {
  const uuids = new Map<string, string>()
  return boards.every(({ labels }) => {
    const key = `${slotLabel(labels) ?? ''}\u0000${labels.get(label) ?? ''}`
    const uuid = uuidLabel(labels)
    const before = uuids.get(key)
    uuids.set(key, uuid)
    return before === undefined || before === uuid
  })
}

/** The machine that stands on the floor under this name keeps it; else the first by its label, so that restarts agree. */
function keeperOf(registry: Registry, host: string, boards: readonly NamedBoard[], label: string): string {
  const place = registry.hosts.find(host)
  const known = boards.find(({ labels }) => {
    const unit = registry.byUuid.get(uuidLabel(labels))
    return place >= 0 && unit !== undefined && registry.columns.host[unit] === place
  })
  if (known) return known.labels.get(label) ?? ''
  return boards.map(({ labels }) => labels.get(label) ?? '').toSorted()[0] ?? ''
}
