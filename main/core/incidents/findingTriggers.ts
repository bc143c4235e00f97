import { type Message, message, said } from '../../../shared/messages/message.ts'
import { SEVERITY } from '../../../shared/model/figure.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import { CONDITION, type FleetFrame } from '../../../shared/model/frame.ts'
import type { IncidentSubject, Priority } from '../../../shared/model/incident.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import type { Trigger } from './types.ts'

/** What has one cause where it happens at one place at one time. */
type Family = 'lost' | 'xid' | 'heat' | 'power' | 'memory' | 'figures'

const FAMILIES: Readonly<Record<Exclude<Finding['kind'], 'source'>, Family>> = {
  missing: 'lost',
  stale: 'lost',
  frozen: 'lost',
  xid: 'xid',
  thermal: 'heat',
  hot: 'heat',
  slowdown: 'power',
  power: 'power',
  ecc: 'memory',
  remapFailed: 'memory',
  implausible: 'figures',
  unexpected: 'figures',
  identityChanged: 'figures',
  typeMismatch: 'figures',
  busyButIdle: 'figures',
  limit: 'figures',
}

const TITLES = {
  lost: 'incidents.title.lost',
  xid: 'incidents.title.xid',
  heat: 'incidents.title.heat',
  power: 'incidents.title.power',
  memory: 'incidents.title.memory',
  figures: 'incidents.title.figures',
} as const

/** A wider place is the cause where so many of its hosts are hit, and at least two. */
const WIDE_SHARE = 0.6
/** Findings that are quoted. */
const MOST_FACTS = 6
/** That none of several exporters answers is the loss of the whole floor, told by the sources. */
const NONE_ANSWERS = 'source/exporter/none'

export interface FloorSeen {
  /** Worst first, bounded: of a large floor in trouble not all are there. */
  readonly findings: readonly Finding[]
  readonly topology: Topology
  /** Of this topology. */
  readonly frame: Pick<FleetFrame, 'severity' | 'conditions'>
}

/** Findings of one family at one host. */
interface Hit {
  readonly host: string
  readonly findings: Finding[]
  gpus: number
}

/**
 * Critical findings as causes: what many GPUs of a host, many hosts of a rack or most of the floor have in common is one
 * trigger, of the widest place that explains it.
 * @param open hosts of the incidents that are not resolved, by cause: what became wide stays so until all of it is over
 */
export function findingTriggers(seen: FloorSeen, open: ReadonlyMap<string, readonly string[]>): Trigger[] {
  const places = placesOf(seen.topology)
  const hits = hitsOf(seen)
  const none =
    places.hosts.size === 0
      ? undefined
      : seen.findings.find(({ id, severity }) => id === NONE_ANSWERS && severity === 'critical')
  if (none !== undefined) lose(hits, places, none)
  const triggers = [...hits].flatMap(([family, ofFamily]) => grouped(family, ofFamily, places, open))
  return [...triggers, ...seen.findings.filter((finding) => finding !== none).flatMap(ofSource)]
}

interface Places {
  readonly hosts: ReadonlyMap<string, { readonly rack: string; readonly gpus: number }>
  readonly racks: ReadonlyMap<string, readonly string[]>
}

function placesOf({ hosts, racks, gpus }: Topology): Places {
  const counts = hosts.map(() => 0)
  for (const host of gpus.host) counts[host] = (counts[host] ?? 0) + 1
  const byRack = new Map<string, string[]>()
  const byHost = new Map<string, { rack: string; gpus: number }>()
  for (const [i, { name, rack }] of hosts.entries()) {
    const rackName = racks[rack]?.name ?? ''
    byHost.set(name, { rack: rackName, gpus: counts[i] ?? 0 })
    const ofRack = byRack.get(rackName)
    if (ofRack) ofRack.push(name)
    else byRack.set(rackName, [name])
  }
  return { hosts: byHost, racks: byRack }
}

/** By family and host: what the findings tell, and hosts all of whose GPUs are lost, of which there may be more than are listed. */
function hitsOf({ findings, topology, frame }: FloorSeen): Map<Family, Map<string, Hit>> {
  const hits = new Map<Family, Map<string, Hit>>()
  for (const finding of findings) {
    if (finding.severity !== 'critical' || finding.kind === 'source') continue
    const host = hostOf(finding, topology)
    if (host === null) continue
    const hit = hitAt(hits, FAMILIES[finding.kind], host)
    hit.findings.push(finding)
    hit.gpus += Math.max(1, finding.gpus)
  }
  const LOST = CONDITION.stale | CONDITION.missing | CONDITION.frozen
  const well = new Set<number>()
  const any = new Set<number>()
  for (const [row, host] of topology.gpus.host.entries()) {
    any.add(host)
    const lost = ((frame.conditions[row] ?? 0) & LOST) !== 0 && frame.severity[row] === SEVERITY.critical
    if (!lost) well.add(host)
  }
  for (const host of any) {
    const name = topology.hosts[host]?.name
    if (!well.has(host) && name !== undefined) hitAt(hits, 'lost', name)
  }
  return hits
}

function hitAt(hits: Map<Family, Map<string, Hit>>, family: Family, host: string): Hit {
  const ofFamily = hits.get(family) ?? new Map<string, Hit>()
  hits.set(family, ofFamily)
  const hit = ofFamily.get(host) ?? { host, findings: [], gpus: 0 }
  ofFamily.set(host, hit)
  return hit
}

/** All findings of a floor but those of sources are of one host. */
function hostOf({ rows, where }: Finding, { gpus, instances, hosts }: Topology): string | null {
  const [row] = rows
  if (row === undefined) return hosts.some(({ name }) => name === where) ? where : null
  const gpu = row < gpus.host.length ? row : instances.gpu[row - gpus.host.length]
  return gpu === undefined ? null : (hosts[gpus.host[gpu] ?? -1]?.name ?? null)
}

function lose(hits: Map<Family, Map<string, Hit>>, places: Places, none: Finding): void {
  for (const host of places.hosts.keys()) hitAt(hits, 'lost', host)
  const first = hits.get('lost')?.values().next().value
  first?.findings.unshift(none)
}

function grouped(
  family: Family,
  hits: ReadonlyMap<string, Hit>,
  places: Places,
  open: ReadonlyMap<string, readonly string[]>,
): Trigger[] {
  const left = new Map(hits)
  const triggers: Trigger[] = []
  const take = (subject: IncidentSubject, taken: readonly Hit[]): void => {
    for (const { host } of taken) left.delete(host)
    triggers.push(triggerOf(family, subject, taken, places))
  }
  const isWide = (hit: number, of: number): boolean => hit >= 2 && hit >= of * WIDE_SHARE
  /** What an open incident of a wider place has already. */
  const ofOpen = (cause: string): Hit[] => (open.get(cause) ?? []).flatMap((host) => left.get(host) ?? [])

  const isFloorHit = places.racks.size > 1 && isWide(left.size, places.hosts.size)
  const onFloor = isFloorHit ? [...left.values()] : ofOpen(causeOf(family, { type: 'floor' }))
  if (onFloor.length > 0) take({ type: 'floor' }, onFloor)
  for (const [rack, hosts] of places.racks) {
    // A floor of one rack is the floor.
    const subject: IncidentSubject =
      rack === '' || places.racks.size === 1 ? { type: 'floor' } : { type: 'rack', rack }
    const ofRack = hosts.flatMap((host) => left.get(host) ?? [])
    const inRack = isWide(ofRack.length, hosts.length) ? ofRack : ofOpen(causeOf(family, subject))
    if (inRack.length > 0) take(subject, inRack)
  }
  for (const hit of left.values())
    take({ type: 'host', host: hit.host, rack: places.hosts.get(hit.host)?.rack ?? '' }, [hit])
  return triggers
}

function causeOf(family: Family, subject: IncidentSubject): string {
  if (subject.type === 'host') return `${family}/host/${subject.host}`
  return subject.type === 'rack' ? `${family}/rack/${subject.rack}` : `${family}/floor`
}

function triggerOf(family: Family, subject: IncidentSubject, hits: readonly Hit[], places: Places): Trigger {
  const findings = hits.flatMap((hit) => hit.findings)
  const hosts = hits.map(({ host }) => host)
  // Of a host that is lost as a whole there may be no finding in the list, which is bounded.
  const gpus = hits.reduce((sum, hit) => sum + (hit.gpus || (places.hosts.get(hit.host)?.gpus ?? 0)), 0)
  const covers =
    subject.type === 'host'
      ? []
      : [
          ...hosts.map((host) => causeOf(family, { type: 'host', host, rack: '' })),
          ...(subject.type === 'floor'
            ? [...new Set(hosts.map((host) => places.hosts.get(host)?.rack ?? ''))].map((rack) =>
                causeOf(family, { type: 'rack', rack }),
              )
            : []),
        ]
  const oldest = findings.reduce<Finding | null>((a, b) => (a === null || b.since < a.since ? b : a), null)
  return {
    cause: causeOf(family, subject),
    kind: 'finding',
    subject,
    priority: priorityOf(family, subject, findings, gpus),
    title: message(TITLES[family], { where: whereOf(subject), gpus }),
    facts: findings.slice(0, MOST_FACTS).map(factOf),
    nextStep: findings[0] === undefined ? null : findings[0].nextStep,
    hosts,
    gpus,
    at: oldest?.since ?? Number.POSITIVE_INFINITY,
    atLeast: oldest?.sinceAtLeast === true,
    covers,
  }
}

function whereOf(subject: IncidentSubject): Message {
  if (subject.type === 'host') return said(subject.host)
  return subject.type === 'rack'
    ? message('incidents.where.rack', { rack: subject.rack })
    : message('incidents.where.floor')
}

/** Of a frozen exporter the GPUs most likely work: that is to be looked at. */
function priorityOf(
  family: Family,
  { type }: IncidentSubject,
  findings: readonly Finding[],
  gpus: number,
): Priority {
  if (type === 'floor') return family === 'lost' ? 1 : 2
  if (type === 'rack') return 2
  if (family === 'lost' && findings.length > 0 && findings.every(({ kind }) => kind === 'frozen')) return 3
  return gpus > 1 ? 2 : 3
}

function factOf({ where, what, by }: Finding): Message {
  const place = where === '' ? message('incidents.where.floor') : said(where)
  return by === null
    ? message('incidents.fact', { where: place, what })
    : message('incidents.fact.measured', { where: place, what, measure: by })
}

function ofSource(finding: Finding): Trigger[] {
  if (finding.kind !== 'source' || finding.severity !== 'critical') return []
  return [
    {
      cause: finding.id.slice(0, 512),
      kind: 'finding',
      subject: { type: 'source' },
      priority: 2,
      title: finding.what,
      facts: [factOf(finding)],
      nextStep: finding.nextStep,
      hosts: [],
      gpus: finding.gpus,
      at: finding.since,
      atLeast: finding.sinceAtLeast === true,
      covers: [],
    },
  ]
}
