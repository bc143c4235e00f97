import { chooseCut, type IdentityCut, seriesKey } from '../../../sources/prometheus/identityKey.ts'
import { type ExporterTarget, normaliseLabels } from '../../../sources/prometheus/labels.ts'

export type Labels = ReadonlyMap<string, string>

/** One GPU or MIG instance as Prometheus knows it, with labels as a direct scrape would have shown them. */
export interface Identity {
  /** The exporter target behind it, '' where its label was dropped. */
  readonly instance: string
  readonly labels: Labels
}

/** What narrow answers are read with: their rows carry a key and nothing else. */
export interface Identities {
  readonly cut: IdentityCut
  readonly byKey: ReadonlyMap<string, Identity>
  /** Per instance a text that changes when anything about its GPUs does. */
  readonly signatures: ReadonlyMap<string, string>
}

export const NO_IDENTITIES: Identities = { cut: 'whole', byKey: new Map(), signatures: new Map() }

/**
 * Reads the answer to the slow identity query.
 * @param rows labels as Prometheus answers them
 * @param exporters what is known of the exporter targets, by instance
 * @param cut forced, after the back end found that a shorter one mixes boards up
 */
export function learnIdentities(
  rows: readonly Labels[],
  exporters: ReadonlyMap<string, ExporterTarget>,
  cut: IdentityCut = chooseCut(rows.map(uuidOf)),
): Identities {
  const byKey = new Map<string, Identity>()
  for (const row of rows) {
    const instance = row.get('instance') ?? ''
    const labels = normaliseLabels(row, exporters.get(instance))
    if ((labels.get('UUID') ?? '') === '') continue
    const key = seriesKey(labels, cut)
    const known = byKey.get(key)
    // Several series of one GPU, or two replicas that scrape it: the row that says most is the one to believe, and
    // between equals the same one every time.
    if (known === undefined || betterThan(known, { instance, labels })) byKey.set(key, { instance, labels })
  }
  return { cut, byKey, signatures: signaturesOf(byKey) }
}

function uuidOf(labels: Labels): string {
  return labels.get('UUID') ?? labels.get('gpu_uuid') ?? ''
}

function betterThan(known: Identity, other: Identity): boolean {
  if (known.labels.size !== other.labels.size) return other.labels.size > known.labels.size
  return other.instance < known.instance
}

function signaturesOf(byKey: ReadonlyMap<string, Identity>): Map<string, string> {
  const lines = new Map<string, string[]>()
  for (const [key, { instance, labels }] of byKey) {
    const line = [key, ...[...labels].map(([name, value]) => `${name}\u0000${value}`).toSorted()].join(
      '\u0001',
    )
    const known = lines.get(instance)
    if (known) known.push(line)
    else lines.set(instance, [line])
  }
  return new Map([...lines].map(([instance, list]) => [instance, list.toSorted().join('\u0002')]))
}

/** Hosts whose GPUs one exporter target serves: one, or all of them behind a federating relabelling. */
export function hostsOf(identities: Identities, instance: string): Set<string> {
  const hosts = new Set<string>()
  for (const identity of identities.byKey.values()) {
    const host = identity.labels.get('Hostname') ?? ''
    if (identity.instance === instance && host !== '') hosts.add(host)
  }
  return hosts
}
