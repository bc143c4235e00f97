import { BOARDS, MIG_LAYOUTS, type Board, type BoardName, type InstanceSpec } from './boards.ts'
import { createRandom } from './random.ts'

export interface Rack {
  readonly name: string
  /** Index into `Site.floors`. */
  readonly floor: number
  readonly board: Board
  /** Indices into `Site.hosts`: `firstHost` up to, not including, `endHost`. */
  readonly firstHost: number
  readonly endHost: number
  /** Air at the rack's inlet, °C. */
  readonly inletCelsius: number
}

export interface Host {
  readonly name: string
  readonly rack: number
  readonly board: Board
  readonly firstGpu: number
  readonly gpus: number
  /**
   * `none`, or how the exporter reports MIG boards: `instances` (its default, "flex") repeats board figures on each
   * instance, `both` prints the board and beside it the instances.
   */
  readonly mig: 'none' | 'instances' | 'both'
}

export interface Instance extends InstanceSpec {
  readonly gpu: number
}

/** What stands where. GPUs are numbered through all hosts; a *unit* is a GPU or, from `gpuCount` on, a MIG instance. */
export interface Site {
  readonly floors: readonly string[]
  readonly racks: readonly Rack[]
  readonly hosts: readonly Host[]
  readonly gpuCount: number
  readonly hostOf: Int32Array
  readonly slotOf: Int32Array
  readonly instances: readonly Instance[]
}

/** The GPU that a unit is, or is cut from; -1 for none. */
export function gpuOfUnit(site: Pick<Site, 'gpuCount' | 'instances'>, unit: number): number {
  return unit < site.gpuCount ? unit : (site.instances[unit - site.gpuCount]?.gpu ?? -1)
}

export interface SiteOptions {
  readonly seed: number
  readonly hosts: number
  readonly gpusPerHost: number
  /** Hosts of A100 boards that are cut into MIG instances, the last of them; null for a quarter. */
  readonly migHosts: number | null
}

/** Shares of racks per floor; older boards stand on the first floor, the newest on the last. */
const FLOORS: readonly (readonly (readonly [BoardName, number])[])[] = [
  [
    ['A100', 4],
    ['H100', 7],
  ],
  [
    ['H100', 7],
    ['H200', 4],
  ],
  [
    ['H200', 5],
    ['B200', 6],
  ],
]
const HOSTS_PER_RACK = 4

export function buildSite(options: SiteOptions): Site {
  const random = createRandom(options.seed, 'site')
  const perRack = Math.max(1, Math.min(HOSTS_PER_RACK, Math.floor(options.hosts / 12)))
  const rackBoards = planRacks(Math.ceil(options.hosts / perRack))
  const racks: Rack[] = []
  const hosts: Host[] = []
  const a100Hosts = rackBoards.flat().filter((name) => name === 'A100').length * perRack
  const migFrom = a100Hosts - (options.migHosts ?? Math.ceil(a100Hosts / 4))
  let a100 = 0

  rackBoards.forEach((boards, floor) => {
    const digits = String(boards.length).length
    boards.forEach((boardName, i) => {
      const board = BOARDS[boardName]
      const firstHost = hosts.length
      const endHost = Math.min(options.hosts, firstHost + perRack)
      for (let h = firstHost; h < endHost; h++) {
        const isMig = boardName === 'A100' && a100++ >= migFrom
        hosts.push({
          name: `h-${String(h + 1).padStart(4, '0')}`,
          rack: racks.length,
          board,
          firstGpu: h * options.gpusPerHost,
          gpus: options.gpusPerHost,
          mig: !isMig ? 'none' : h % 2 === 0 ? 'instances' : 'both',
        })
      }
      racks.push({
        name: `R${floor + 1}-${String(i + 1).padStart(Math.max(2, digits), '0')}`,
        floor,
        board,
        firstHost,
        endHost,
        // The end of a row gets the warm air that comes round the aisle.
        inletCelsius: 22.5 + 1.4 * random.next() + (i === boards.length - 1 ? 2.5 : 0),
      })
    })
  })

  const gpuCount = hosts.length * options.gpusPerHost
  const hostOf = new Int32Array(gpuCount)
  const slotOf = new Int32Array(gpuCount)
  const instances: Instance[] = []
  hosts.forEach((host, h) => {
    for (let slot = 0; slot < host.gpus; slot++) {
      const gpu = host.firstGpu + slot
      hostOf[gpu] = h
      slotOf[gpu] = slot
      if (host.mig === 'none') continue
      const layout = MIG_LAYOUTS[(h + slot) % MIG_LAYOUTS.length] ?? []
      for (const spec of layout) instances.push({ ...spec, gpu })
    }
  })
  return {
    floors: rackBoards.map((_, i) => `Floor ${i + 1}`),
    racks,
    hosts,
    gpuCount,
    hostOf,
    slotOf,
    instances,
  }
}

/** The board type of each rack, floor by floor; a small floor has all four types from six racks on. */
function planRacks(total: number): BoardName[][] {
  const floors = Math.min(FLOORS.length, total)
  return FLOORS.slice(0, floors).map((shares, i) => {
    const count = Math.floor(total / floors) + (i < total % floors ? 1 : 0)
    const names = shares.map(([name]) => name)
    const split = apportion(
      count,
      shares.map(([, share]) => share),
    )
    return names.flatMap((name, j) => Array.from({ length: split[j] ?? 0 }, () => name))
  })
}

/** Whole parts of `total` in proportion to `shares` (largest remainder); every share gets one while there are enough. */
export function apportion(total: number, shares: readonly number[]): number[] {
  const sum = shares.reduce((a, b) => a + b, 0)
  const guaranteed = total >= shares.length ? 1 : 0
  const rest = total - guaranteed * shares.length
  if (guaranteed === 0) return shares.map((_, i) => (i < total ? 1 : 0))
  const exact = shares.map((share) => Math.max(0, (share / sum) * total - 1))
  const scale =
    rest /
    Math.max(
      1e-9,
      exact.reduce((a, b) => a + b, 0),
    )
  const scaled = exact.map((value) => value * scale)
  const parts = scaled.map((value) => Math.floor(value + 1e-9))
  let left = rest - parts.reduce((a, b) => a + b, 0)
  const byRemainder = scaled
    .map((value, i) => ({ i, remainder: value - Math.floor(value + 1e-9) }))
    .toSorted((x, y) => y.remainder - x.remainder || x.i - y.i)
  for (const { i } of byRemainder) {
    if (left <= 0) break
    parts[i] = (parts[i] ?? 0) + 1
    left--
  }
  return parts.map((part) => part + guaranteed)
}
