import type { Topology } from '../../../../shared/model/topology.ts'

// No name holds it, so no host's places begin with another host's name.
const BETWEEN = '\u0000'

/** What each row of a floor is, the same on every floor that has it: its host, slot and MIG instance. */
export function placesOf({ hosts, gpus, instances }: Topology): string[] {
  const boards = gpus.host.map((host, row) => `${hosts[host]?.name ?? ''}${BETWEEN}${gpus.slot[row]}`)
  return [...boards, ...instances.gpu.map((row, i) => `${boards[row]}${BETWEEN}${instances.id[i]}`)]
}

/** The same place once its host `from` is called `to`; places of other hosts as they are. */
export function renamedPlace(place: string, from: string, to: string): string {
  return place.startsWith(`${from}${BETWEEN}`) ? `${to}${place.slice(from.length)}` : place
}
