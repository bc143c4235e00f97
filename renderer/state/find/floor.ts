import { textOf } from '../../../shared/messages/format.ts'
import type { Finding } from '../../../shared/model/finding.ts'
import type { Topology } from '../../../shared/model/topology.ts'
import { KNOWN_XIDS } from '../../../shared/model/xid.ts'
import { say } from '../../../shared/messages/format.ts'
import { placeWords } from '../fleet/placeWords.ts'
import { placeParams } from '../floor.ts'
import { formatRoute } from '../navigation.ts'
import { type Found, matching, MOST_FOUND, wordsOf } from './found.ts'

/** The floor, narrowed to what holds this text. */
export function floorWith(text: string): string {
  return formatRoute('floor', { find: text })
}

export function findHosts({ hosts, racks, floors }: Topology, query: string): Found[] {
  return matching(hosts, query, ({ name }) => name).map(({ name, rack }) => ({
    id: `host.${name}`,
    title: name,
    detail: [racks[rack]?.name, floors[racks[rack]?.floor ?? -1]?.name].filter(Boolean).join(' · '),
    to: formatRoute('floor', placeParams({ kind: 'host', host: name })),
  }))
}

export function findRacks({ racks, floors }: Topology, query: string): Found[] {
  return matching(racks, query, ({ name }) => name).map(({ name, floor }) => ({
    id: `rack.${name}`,
    title: name,
    detail: floors[floor]?.name ?? '',
    to: floorWith(name),
  }))
}

/** By host and number, or by UUID: "h-0312 3", "h-0312 gpu 3", "GPU-8f2c". */
export function findGpus({ gpus, hosts, types }: Topology, query: string): Found[] {
  const words = wordsOf(query).filter((word) => word !== 'gpu')
  if (words.length === 0) return []
  // 100,000 rows at every key stroke: hosts are looked at once each, and a row's text is only built where its host, its
  // number or its UUID can be meant at all.
  const lower = hosts.map(({ name }) => name.toLowerCase())
  const found: Found[] = []
  for (let row = 0; row < gpus.host.length && found.length < MOST_FOUND; row++) {
    const host = lower[gpus.host[row] ?? -1] ?? ''
    const slot = gpus.slot[row] ?? 0
    const uuid = gpus.uuid[row] ?? ''
    const own = (word: string): boolean =>
      host.includes(word) ||
      word === `${slot}` ||
      word === `gpu${slot}` ||
      (word.length > 3 && uuid.toLowerCase().includes(word))
    if (!words.every(own)) continue
    const name = hosts[gpus.host[row] ?? -1]?.name ?? ''
    found.push({
      id: `gpu.${name}/${slot}`,
      title: say('floor.gpu', { host: name, slot }),
      detail: types[gpus.type[row] ?? -1] ?? '',
      keywords: [`${name} ${slot}`, uuid],
      to: formatRoute('floor', placeParams({ kind: 'gpu', host: name, slot })),
    })
  }
  return found
}

/** Codes of the catalogue; chosen, the floor shows the GPUs that have one. */
export function findXids(query: string): Found[] {
  return matching(KNOWN_XIDS, query, ({ code, name }) => `xid ${code} ${textOf(name)}`).map(
    ({ code, name }) => ({
      id: `xid.${code}`,
      title: say('floor.xid', { code, name }),
      keywords: [`${code}`],
      to: floorWith(`xid ${code}`),
    }),
  )
}

/** Chosen, a finding leads to its place, and one of a source to that source. */
export function findFindings(findings: readonly Finding[], topology: Topology, query: string): Found[] {
  return matching(findings, query, ({ what, where }) => `${textOf(what)} ${placeWords(where)}`).map(
    (finding) => ({
      id: `finding.${finding.id}`,
      title: `${textOf(finding.what)} · ${placeWords(finding.where)}`,
      detail: finding.severity,
      to: finding.kind === 'source' ? formatRoute('sources') : placeOfFinding(finding, topology),
    }),
  )
}

function placeOfFinding({ rows, where }: Finding, topology: Topology): string {
  const { gpus, instances, hosts } = topology
  const boards = new Set(rows.map((row) => instances.gpu[row - gpus.host.length] ?? row))
  const [first = -1] = boards
  const host = hosts[gpus.host[first] ?? -1]?.name
  if (host === undefined) return floorWith(where)
  return formatRoute(
    'floor',
    placeParams(
      boards.size > 1 ? { kind: 'host', host } : { kind: 'gpu', host, slot: gpus.slot[first] ?? 0 },
    ),
  )
}
