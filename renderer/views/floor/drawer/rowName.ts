import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import { say } from '../../../../shared/messages/format.ts'

/** "h-0312 · GPU 3", as findings name it too. */
export function rowName(topology: Topology, row: number): string {
  const host = topology.hosts[topology.gpus.host[row] ?? -1]?.name ?? say('floor.host.unknown')
  return say('floor.gpu', { host: visibleName(host), slot: topology.gpus.slot[row] ?? '?' })
}
