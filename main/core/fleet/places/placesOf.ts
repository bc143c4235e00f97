import type { Topology } from '../../../../shared/model/topology.ts'

/** What each row of a floor is, the same on every floor that has it: its host, slot and MIG instance. */
export function placesOf({ hosts, gpus, instances }: Topology): string[] {
  const boards = gpus.host.map((host, row) => `${hosts[host]?.name ?? ''}\u0000${gpus.slot[row]}`)
  return [...boards, ...instances.gpu.map((row, i) => `${boards[row]}\u0000${instances.id[i]}`)]
}
