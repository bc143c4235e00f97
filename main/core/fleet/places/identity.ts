import { JOBS } from '../../../../shared/model/users.ts'
import { boundedText } from '../text.ts'

/** Labels to identity. Names are dcgm-exporter's; two spellings exist for most of them (gpu-telemetry.md, "Labels"). */

export type Labels = ReadonlyMap<string, string>

export interface Workload {
  readonly namespace: string
  readonly pod: string
  readonly container: string
}

export interface TextLabel {
  readonly name: string
  readonly value: string
}

/** Highest GPU index that is believed; no host carries more boards than this. */
export const MAX_SLOT = 1023
const MAX_LABELS_KEPT = 16

function first(labels: Labels, names: readonly string[]): string {
  for (const name of names) {
    const value = labels.get(name)
    if (value !== undefined && value !== '') return value
  }
  return ''
}

/** The `gpu` label, else the number in `device="nvidia3"`; null when neither says. */
export function slotLabel(labels: Labels): number | null {
  const gpu = labels.get('gpu')
  if (gpu !== undefined && /^\d{1,4}$/.test(gpu) && Number(gpu) <= MAX_SLOT) return Number(gpu)
  const device = /^nvidia(\d{1,4})$/.exec((labels.get('device') ?? '').slice(0, 16))
  return device && Number(device[1]) <= MAX_SLOT ? Number(device[1]) : null
}

/** Link metrics write `gpu_uuid`. On a MIG instance's series this is still the board's UUID. */
export function uuidLabel(labels: Labels): string {
  return boundedText(first(labels, ['UUID', 'gpu_uuid', 'uuid']), 96)
}

export function modelLabel(labels: Labels): string {
  return boundedText(first(labels, ['modelName', 'model_name']))
}

/** '' on the series of a board. */
export function instanceLabel(labels: Labels): string {
  return boundedText(first(labels, ['GPU_I_ID']), 32)
}

export function profileLabel(labels: Labels): string {
  const profile = boundedText(first(labels, ['GPU_I_PROFILE']), 32)
  return /^(?:<.*>|n\/?a|null|unknown)$/i.test(profile) ? '' : profile
}

/** Whether a series shows that its source renames workload labels, so that plain `pod` names the exporter (#85). */
export function carriesExported(labels: Labels): boolean {
  return labels.has('exported_pod') || labels.has('exported_namespace') || labels.has('exported_container')
}

/**
 * The pod that uses the GPU, or null. `exported` says that some series of the same source carries `exported_*`: then
 * plain labels name the exporter's own pod, also on idle GPUs, whose series carry no `exported_*` at all.
 */
export function workloadOf(labels: Labels, exported: boolean): Workload | null {
  const prefix = exported || carriesExported(labels) ? 'exported_' : ''
  // Two spellings: the second is that of --use-old-namespace.
  const read = (...names: string[]): string =>
    boundedText(
      first(
        labels,
        names.map((name) => prefix + name),
      ),
    )
  const workload = {
    namespace: read('namespace', 'pod_namespace'),
    pod: read('pod', 'pod_name'),
    container: read('container', 'container_name'),
  }
  if (workload.pod === '' && workload.namespace === '' && workload.container === '') {
    const job = boundedText(labels.get('hpc_job') ?? '')
    return job === '' ? null : { namespace: JOBS, pod: job, container: '' }
  }
  const ofExporter = prefix === '' && /dcgm-?exporter/i.test(`${workload.pod} ${workload.container}`)
  return ofExporter ? null : workload
}

/** Whether a series says anything of who uses the GPU. */
export function hasWorkload(labels: Labels): boolean {
  return labels.has('pod') || labels.has('exported_pod') || labels.has('hpc_job')
}

export function sameWorkload(a: Workload | null, b: Workload | null): boolean {
  if (a === null || b === null) return a === b
  return a.pod === b.pod && a.namespace === b.namespace && a.container === b.container
}

const KEPT = new Set(['pci_bus_id', 'device', 'instance', 'job', 'cluster', 'pod_uid', 'serial'])

/** What else describes the board: bus address, driver, static configuration labels. Bounded in number and length. */
export function describingLabels(labels: Labels): readonly TextLabel[] {
  const kept: TextLabel[] = []
  for (const [name, value] of labels) {
    if (value === '' || !(KEPT.has(name) || name.startsWith('DCGM_FI_') || name.startsWith('dra_'))) continue
    kept.push({ name: boundedText(name, 64), value: boundedText(value) })
    if (kept.length === MAX_LABELS_KEPT) break
  }
  return kept
}

const FOUND_BY: ReadonlySet<string> = new Set(['pci_bus_id', 'DCGM_FI_DRIVER_VERSION'])

/** Of its labels, what a GPU is looked for by; of a board and a driver many GPUs have the same. */
export function descriptionOf(modelName: string, labels: readonly TextLabel[]): string {
  const found = labels.filter(({ name }) => FOUND_BY.has(name)).map(({ value }) => value)
  return [modelName, ...found].filter((text) => text !== '').join(' ')
}

/** The GPU is held by a Kubernetes resource claim (dynamic resource allocation). */
export function isClaimed(labels: readonly TextLabel[]): boolean {
  return labels.some(({ name }) => name.startsWith('dra_'))
}

/**
 * What tells the placements of two series of one source apart; equal keys go to the same GPU or instance.
 * @param hostLabels labels that may name the machine
 */
export function placementKey(labels: Labels, hostLabels: readonly string[]): string {
  const names = hostLabels.map((label) => labels.get(label) ?? '')
  return [
    ...names,
    labels.get('instance') ?? '',
    slotLabel(labels) ?? '',
    uuidLabel(labels),
    instanceLabel(labels),
  ].join('\u0000')
}
