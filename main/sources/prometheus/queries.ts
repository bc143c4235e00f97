import { FIELDS, type Field, seriesNamesOf } from '../../../shared/model/field.ts'
import { cutQuery, type IdentityCut, PLACE_LABELS } from './identityKey.ts'
import { durationText, oneOf, selector } from '../../platform/promql.ts'

/**
 * The questions that the GPU floor asks of Prometheus, as pure texts. `matchers` is the configured selector after
 * `checkedSelector`; '' for none.
 */

/** Tells GPUs and MIG instances apart and nothing else; link metrics and the old namespace have other names for a UUID. */
const ROW = 'UUID,gpu_uuid,uuid,GPU_I_ID'

/** Numbers the pods of a shared GPU (KUBERNETES_VIRTUAL_GPUS of dcgm-exporter). */
export const SHARE_LABEL = 'vgpu'

/** What an exporter may write for each pod of a shared GPU; everything else is the board's, repeated. */
const PER_POD_SERIES: ReadonlySet<string> = new Set(['DCGM_FI_DEV_FB_USED', 'DCGM_FI_DEV_GPU_UTIL'])

/** Labels that identity is learnt from; a floor's own labels stay out, so that a row stays bounded. */
const IDENTITY_LABELS = [
  'UUID',
  'gpu_uuid',
  'uuid',
  'gpu',
  'GPU_I_ID',
  'GPU_I_PROFILE',
  'Hostname',
  'hostname',
  'exported_Hostname',
  'exported_hostname',
  'node',
  'kubernetes_node',
  'modelName',
  'model_name',
  'device',
  'pci_bus_id',
  'DCGM_FI_DRIVER_VERSION',
  'instance',
  // Of machines that several clusters, or a federated Prometheus, name alike.
  'exported_instance',
  'cluster',
  'exported_cluster',
  'cluster_name',
  'k8s_cluster_name',
  'service_instance_id',
  'namespace',
  'pod',
  'container',
  // Of a GPU that several pods or jobs of a batch system share: a row for each of them.
  SHARE_LABEL,
  'hpc_job',
  // A GPU that a pod holds by a resource claim; one of them is enough to know it.
  'dra_claim_name',
  'pod_namespace',
  'pod_name',
  'container_name',
  'exported_namespace',
  'exported_pod',
  'exported_container',
]

/**
 * Between them these exist for every GPU that Floorwatch can show: an exporter may lack profiling, a MIG instance the
 * frame buffer, a vGPU its temperature and power. Whatever is asked fast is enough to be on the floor.
 */
const IDENTITY_SERIES: readonly string[] = [
  ...new Set([
    'DCGM_FI_DEV_GPU_TEMP',
    'DCGM_FI_DEV_POWER_USAGE',
    'DCGM_FI_DEV_FB_USED',
    'DCGM_FI_DEV_GPU_UTIL',
    ...FIELDS.filter(({ pace }) => pace === 'fast').flatMap(({ series }) => [...series]),
  ]),
]

/**
 * Series that the age of samples is taken from, in this order: of each exporter the first that it has. The first alone
 * is asked where all exporters have it.
 */
export const AGE_SERIES: readonly string[] = IDENTITY_SERIES

/** What freezes together with an exporter; temperature alone may stand still on an idle board. */
const MOVING_SERIES = [
  'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
  'DCGM_FI_DEV_POWER_USAGE',
  'DCGM_FI_DEV_GPU_TEMP',
] as const

/** The labels of a row: of a floor on which some GPU has no UUID also those of its place. */
function rowOf(cut: IdentityCut): string {
  return cut === 'place' ? [ROW, ...PLACE_LABELS].join(',') : ROW
}

/** The preferred name first; `or` fills in rows that carry the other name alone. */
function union(seriesNames: readonly string[], part: (seriesName: string) => string): string {
  return seriesNames.map(part).join(' or ')
}

/**
 * One field for the whole floor, a row a GPU or MIG instance: about 64 bytes with `cut` = 'tail', 92 with 'whole',
 * where the full labels take 300 to 450. A GPU without the series has no row: absent stays apart from zero.
 * Rows are keyed by `seriesKey(labels, 'whole')`, identities by `seriesKey(labels, cut)`.
 */
export function fastQuery(
  seriesNames: readonly string[],
  matchers: string,
  cut: IdentityCut = 'whole',
): string {
  const rows = union(seriesNames, (name) => `max by (${rowOf(cut)}) (${selector(name, matchers)})`)
  return cutQuery(rows, cut)
}

/**
 * As {@link fastQuery}, for fields that an exporter may write for each pod of a shared GPU: one row for each of them, told
 * apart by {@link SHARE_LABEL}, which rows of all other GPUs lack. By that label, so that replicas add nothing.
 */
export function sharedQuery(
  seriesNames: readonly string[],
  matchers: string,
  cut: IdentityCut = 'whole',
): string {
  const rows = union(
    seriesNames,
    (name) => `max by (${rowOf(cut)},${SHARE_LABEL}) (${selector(name, matchers)})`,
  )
  return cutQuery(rows, cut)
}

/**
 * When the newest sample of each exporter was taken: one row an `instance`, the value in seconds since the epoch.
 * An instant query goes on answering with a sample up to five minutes old and stamps it with the time of asking, so
 * freshness has to be asked for. `timestamp` may not meet two names with equal labels, hence one part a series; an
 * exporter that has none of the first is told by the next.
 */
export function sampleAgeQuery(matchers: string, seriesNames: readonly string[] = AGE_SERIES): string {
  return union(seriesNames, (name) => `min by (instance) (timestamp(${selector(name, matchers)}))`)
}

/**
 * How many samples each exporter had within `windowMs`, of those that had one before it already: the pause between two
 * samples is the window by this count. One row an `instance`.
 */
export function sampleCountQuery(
  matchers: string,
  windowMs: number,
  seriesNames: readonly string[] = AGE_SERIES,
): string {
  const window = durationText(windowMs)
  return union(seriesNames, (name) => {
    const series = selector(name, matchers)
    return `min by (instance) (count_over_time(${series}[${window}]) and (${series} offset ${window}))`
  })
}

/** How many rows a question has by the back end's own count: an answer with fewer was cut off on its way. */
export function countQuery(promql: string): string {
  return `count(${promql})`
}

/**
 * Who is who, slowly: one row a GPU or MIG instance with its labels; the value says nothing.
 * @param moreLabels labels of this floor that name the machine
 */
export function identityQuery(matchers: string, moreLabels: readonly string[] = []): string {
  const labels = [...new Set([...IDENTITY_LABELS, ...moreLabels])].join(',')
  return union(IDENTITY_SERIES, (name) => `max by (${labels}) (${selector(name, matchers)})`)
}

/**
 * The exporter targets: whether the last scrape worked (value 1 or 0) and the target's own pod labels, which
 * `normaliseLabels` needs to tell an exporter's pod from a workload's. The job filter comes from the GPU series, so
 * an exporter that is down is listed as long as another of its job answers.
 */
export function exporterQuery(matchers: string): string {
  const known = union(AGE_SERIES.slice(0, 4), (name) => `group by (job) (${selector(name, matchers)})`)
  return `max by (instance,job,namespace,pod,container) (${selector('up', matchers)} and on (job) (${known}))`
}

/**
 * Exporters that answer but whose figures stand still: no change of energy, power or temperature on any of their GPUs
 * within `windowMs`, over at least three samples. One row an `instance`.
 */
export function frozenQuery(matchers: string, windowMs: number): string {
  const window = durationText(windowMs)
  // A label of its own keeps the parts apart inside one `or`; otherwise the first part would hide the others.
  const each = (inner: (range: string) => string) =>
    MOVING_SERIES.map(
      (name, index) =>
        `label_replace(${inner(`${selector(name, matchers)}[${window}]`)},"part","${index}","","")`,
    ).join(' or ')
  const changes = `max by (instance) (${each((range) => `sum by (instance) (changes(${range}))`)})`
  const samples = `max by (instance) (${each((range) => `min by (instance) (count_over_time(${range}))`)})`
  return `${changes} == 0 and on (instance) ${samples} >= 3`
}

/** XID counts within the exporter's window, by code; needs DCGM_EXP_XID_ERRORS_COUNT, which is off by default. */
export function xidCountQuery(matchers: string, cut: IdentityCut = 'whole'): string {
  const rows = `max by (${rowOf(cut)},xid,window_size_in_ms) (${selector('DCGM_EXP_XID_ERRORS_COUNT', matchers)} > 0)`
  return cutQuery(rows, cut)
}

/** One figure: how many GPUs (or MIG instances) and how many exporters answer; for a connection test. */
export function floorSizeQuery(matchers: string): string {
  const rows = union(IDENTITY_SERIES, (name) => `max by (${ROW}) (${selector(name, matchers)})`)
  return `count(${rows})`
}

export interface HistoryWindow {
  readonly fromMs: number
  readonly toMs: number
  readonly stepMs: number
}

/** A grid over an arbitrary range needs a third point: both ends may lie just beside a multiple of the step. */
const FEWEST_POINTS = 3

/**
 * The grid of a history request: whole seconds, as fine as `maxPoints` (at least 3) allows, and both ends on multiples
 * of the step, so that a chart that is asked again does not shimmer and a caching front end can help.
 */
export function historyWindow(
  fromMs: number,
  toMs: number,
  maxPoints: number,
  sampleMs = 1000,
): HistoryWindow {
  const span = Math.max(0, toMs - fromMs)
  const points = Math.max(FEWEST_POINTS, Math.floor(maxPoints))
  const finest = wholeSeconds(Math.max(sampleMs, span / (points - 1)))
  // Widening both ends to the grid may add a point, and never more than one.
  const fits = gridPoints(fromMs, toMs, finest) <= points
  const stepMs = fits ? finest : wholeSeconds(Math.max(sampleMs, span / (points - 2)))
  return { fromMs: Math.floor(fromMs / stepMs) * stepMs, toMs: Math.ceil(toMs / stepMs) * stepMs, stepMs }
}

function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000)) * 1000
}

function gridPoints(fromMs: number, toMs: number, stepMs: number): number {
  return Math.ceil(toMs / stepMs) - Math.floor(fromMs / stepMs) + 1
}

/**
 * History of one field for given GPUs, for a range query with the step of {@link historyWindow}. Each point sums up
 * the time since the one before (mean of a gauge, worst of a code, last of a counter), so that a step that is wider
 * than the scrape interval hides nothing, and a pause shows as a gap instead of a five-minute flat line.
 *
 * @param sampleMs how often the back end has a sample; the window is never so short that it falls between two
 */
export function historyQuery(
  field: Pick<Field, 'id' | 'series' | 'kind'>,
  uuids: readonly string[],
  matchers: string,
  stepMs: number,
  sampleMs: number,
): string {
  const window = durationText(Math.max(stepMs, 2.5 * sampleMs))
  const over = {
    gauge: 'avg_over_time',
    counter: 'last_over_time',
    code: 'max_over_time',
    bitmask: 'last_over_time',
  }
  const gpus = oneOf('UUID', uuids)
  const each = (name: string, ...more: string[]): string =>
    `${over[field.kind]}(${selector(name, matchers, gpus, ...more)}[${window}])`
  return union(seriesNamesOf(field), (name) => {
    const boards = `max by (${ROW}) (${each(name)})`
    return PER_POD_SERIES.has(name) ? `${sumOfShares(each(name, `${SHARE_LABEL}!=""`))} or ${boards}` : boards
  })
}

/** The sum where the pods of a GPU have figures of their own; no row where they all repeat the board's. */
function sumOfShares(perPod: string): string {
  const shares = `max by (${ROW},${SHARE_LABEL}) (${perPod})`
  const differ = `max by (${ROW}) (${shares}) != min by (${ROW}) (${shares})`
  return `(sum by (${ROW}) (${shares}) and (${differ}))`
}
