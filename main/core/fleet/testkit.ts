import type { FieldId } from '../../../shared/model/field.ts'
import { field } from '../../../shared/model/field.ts'
import { figureState, PRESENCES, type FigureState, type Presence } from '../../../shared/model/figure.ts'
import { conditionsOf, type Condition } from '../../../shared/model/frame.ts'
import type { Inventory } from '../../../shared/model/inventory.ts'
import { Cadence } from '../cadence.ts'
import type { Completeness } from '../observation.ts'
import { createLiveFleet } from './fleet.ts'
import type { FleetOptions, LiveFleet, SeriesIdentity } from './types.ts'

/** For tests of this folder: exporters that are told what to say, and rows read back by place. */

export const SECOND = 1000
export const START = 1_700_000_000_000

export function fleetWith(options: Partial<FleetOptions> = {}): LiveFleet {
  return createLiveFleet({
    site: 'Test',
    inventory: null,
    limits: {},
    staleAfterMs: 30 * SECOND,
    freezeAfterMs: 90 * SECOND,
    ...options,
  })
}

/** One floor, one rack. */
export function inventoryOf(hosts: Record<string, number>, type: string | null = null): Inventory {
  return {
    floors: [
      {
        name: 'Floor 1',
        racks: [{ name: 'R1', hosts: Object.entries(hosts).map(([name, gpus]) => ({ name, gpus, type })) }],
      },
    ],
  }
}

export type Sample = readonly [name: string, labels: Record<string, string>, value: number]

/** The samples of an exposition; deliberately simple, the real parser has its own tests. */
export function samplesOf(text: string): Sample[] {
  return [...text.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm)].map(([, name = '', labels = '', value]) => [
    name,
    Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', of = '']) => [key, of]),
    ),
    Number(value),
  ])
}

/** The series name of a field, or a name as it is. */
function nameOf(id: string): string {
  return id.startsWith('DCGM_') ? id : (field(id as FieldId).series[0] as string)
}

export function series(id: string, labels: Record<string, string>): SeriesIdentity {
  return { name: nameOf(id), labels: new Map(Object.entries(labels)) }
}

/** Labels of one GPU as dcgm-exporter writes them. */
export function gpuLabels(
  host: string,
  gpu: number,
  more: Record<string, string> = {},
): Record<string, string> {
  return {
    gpu: String(gpu),
    UUID: `GPU-${host}-${gpu}`,
    pci_bus_id: `00000000:${gpu}3:00.0`,
    device: `nvidia${gpu}`,
    modelName: 'NVIDIA H100 80GB HBM3',
    Hostname: host,
    DCGM_FI_DRIVER_VERSION: '580.105.08',
    ...more,
  }
}

/** Figures of one GPU: `{ power: 300, smActive: 0.5 }`. */
export function gpu(
  host: string,
  slot: number,
  figures: Partial<Record<FieldId, number>>,
  more: Record<string, string> = {},
): Sample[] {
  return Object.entries(figures).map(([id, value]) => [id, gpuLabels(host, slot, more), value])
}

/** An exporter, or a query: keeps its series while they are the same, as the parser does. */
export interface Scraper {
  /** @param complete as of an {@link Observation}; complete where left out */
  answer(samples: readonly Sample[], at: number, complete?: Completeness, unread?: Uint8Array): void
}

/** @param cadenceMs learnt from the answers where it is left out, as sources do */
export function scraper(fleet: LiveFleet, source: string, question?: string, cadenceMs?: number): Scraper {
  const cadence = new Cadence(cadenceMs ?? null)
  let known: readonly SeriesIdentity[] = []
  let shape = ''
  return {
    answer(samples, at, complete = true, unread) {
      const next = JSON.stringify(samples.map(([name, labels]) => [name, labels]))
      if (shape !== next) {
        known = samples.map(([name, labels]) => series(name, labels))
        shape = next
      }
      cadence.note(at)
      const values = Float64Array.from(samples, ([, , value]) => value)
      const rows = {
        ...(question === undefined ? {} : { question }),
        series: known,
        values,
        ...(unread === undefined ? {} : { unread: { rows: unread, why: 'timed out' } }),
      }
      fleet.observe({ source, sampledAt: at, cadenceMs: cadenceMs ?? cadence.ms, complete, rows })
    },
  }
}

export interface RowView {
  readonly state: FigureState
  readonly presence: Presence
  readonly severity: number
  readonly conditions: readonly Condition[]
  readonly ageMs: number
  value(id: FieldId): number
  figure(id: FieldId): FigureState
}

/** The row of a GPU, or of its MIG instance, in a fresh frame. */
export function rowOf(fleet: LiveFleet, host: string, slot: number, instance?: string): RowView {
  const { gpus, hosts, instances } = fleet.topology()
  const board = gpus.host.findIndex((at, row) => hosts[at]?.name === host && gpus.slot[row] === slot)
  const found =
    instance === undefined
      ? board
      : instances.gpu.findIndex((at, i) => at === board && instances.id[i] === instance)
  if (found < 0) throw new Error(`There is no row for ${host}/${slot}/${instance ?? ''}.`)
  const row = instance === undefined ? board : gpus.host.length + found
  const frame = fleet.frame([])
  const read = (id: FieldId): readonly [number, FigureState] => {
    const one = fleet.frame([id])
    return [one.values[0]?.[row] as number, figureState(one.states[0]?.[row] as number)]
  }
  return {
    state: figureState(frame.state[row] as number),
    presence: PRESENCES[frame.presence[row] as number] as Presence,
    severity: frame.severity[row] as number,
    conditions: conditionsOf(frame.conditions[row] as number),
    ageMs: frame.ageMs[row] as number,
    value: (id) => read(id)[0],
    figure: (id) => read(id)[1],
  }
}
