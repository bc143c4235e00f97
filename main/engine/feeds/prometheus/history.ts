import type { CommandParsed } from '../../../../shared/contract/contract.ts'
import type { History } from '../../../../shared/contract/fleet.ts'
import { field, type FieldId } from '../../../../shared/model/field.ts'
import type { Topology } from '../../../../shared/model/topology.ts'
import {
  historyQuery,
  historyWindow,
  onGrid,
  type PrometheusClient,
  type RangeSeries,
} from '../../../sources/prometheus/index.ts'

/** A row as Prometheus knows it. */
interface Wanted {
  readonly row: number
  readonly uuid: string
  /** GPU_I_ID, '' for a board. */
  readonly instance: string
}

/** Below this a grid cannot be laid over an arbitrary range without coming out far coarser than asked. */
const FEWEST_POINTS = 16

/**
 * Curves of some rows from Prometheus, all on one grid.
 * @param topology the one that the rows belong to
 * @throws SourceFailure
 */
export async function prometheusHistory(options: {
  readonly client: PrometheusClient
  readonly matchers: string
  readonly cadenceMs: number
  readonly question: CommandParsed<'fleet.history'>
  readonly topology: Topology
  readonly signal: AbortSignal
}): Promise<History> {
  const { client, matchers, cadenceMs, question, topology, signal } = options
  const { fromMs, toMs, maxPoints, fields, rows } = question
  const window = historyWindow(fromMs, toMs, Math.max(FEWEST_POINTS, maxPoints), cadenceMs)
  const wanted = rows.map((row) => wantedOf(topology, row))
  const uuids = [...new Set(wanted.flatMap(({ uuid }) => (uuid === '' ? [] : [uuid])))]
  const warnings = new Set<string>()
  if (wanted.some(({ uuid }) => uuid === '')) {
    warnings.add('A GPU whose UUID was never seen has no history in Prometheus.')
  }

  const times = Array.from(
    { length: Math.round((window.toMs - window.fromMs) / window.stepMs) + 1 },
    (_, i) => window.fromMs + i * window.stepMs,
  )
  const curves = await Promise.all(
    [...new Set(fields)].map(async (id) => {
      if (uuids.length === 0) return { id, found: [] }
      const query = historyQuery(field(id), uuids, matchers, window.stepMs, cadenceMs)
      const answer = await client.queryRange(query, window, { signal })
      for (const warning of answer.warnings) warnings.add(warning)
      return { id, found: answer.value }
    }),
  )
  const series = curves.flatMap(({ id, found }) =>
    wanted.map((want) => {
      const match = find(found, want, id)
      const values = match ? Array.from(onGrid(match, window), finiteOrNull) : times.map(() => null)
      return { row: want.row, field: id, values }
    }),
  )
  return { origin: 'prometheus', stepMs: window.stepMs, times, series, warnings: [...warnings].slice(0, 20) }
}

function wantedOf({ gpus, instances }: Topology, row: number): Wanted {
  const boards = gpus.host.length
  if (row < boards) return { row, uuid: gpus.uuid[row] ?? '', instance: '' }
  const board = instances.gpu[row - boards] ?? -1
  return { row, uuid: gpus.uuid[board] ?? '', instance: instances.id[row - boards] ?? '' }
}

/** A board's own figure may come under any of its MIG instances, which repeat it (dcgm-exporter#317). */
function find(found: readonly RangeSeries[], want: Wanted, id: FieldId): RangeSeries | undefined {
  const own = found.filter(({ labels }) => labels.get('UUID') === want.uuid && want.uuid !== '')
  const exact = own.find(({ labels }) => (labels.get('GPU_I_ID') ?? '') === want.instance)
  return exact ?? (field(id).perBoard ? own[0] : undefined)
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
