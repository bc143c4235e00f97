/** What Prometheus says about an exporter target itself, see `exporterQuery`. */
export interface ExporterTarget {
  readonly instance: string
  readonly job: string
  /** The exporter's own pod, '' outside Kubernetes. */
  readonly pod: string
  readonly namespace: string
  readonly container: string
}

const RENAMED: ReadonlyMap<string, string> = new Map([
  ['hostname', 'Hostname'],
  ['gpu_uuid', 'UUID'],
  ['uuid', 'UUID'],
  ['model_name', 'modelName'],
])
/** Of dcgm-exporter --use-old-namespace: these are the workload's whatever the target's own labels are. */
const OLD_WORKLOAD: ReadonlyMap<string, string> = new Map([
  ['pod_name', 'pod'],
  ['pod_namespace', 'namespace'],
  ['container_name', 'container'],
])
const WORKLOAD = ['namespace', 'pod', 'container', 'pod_uid'] as const
const EXPORTED = 'exported_'
/** Names that an exporter's own pod or container goes by, for floors where `up` carries no pod labels. */
const OWN_NAME = /dcgm-exporter|nvidia-dcgm|^exporter$/

/**
 * Labels as a direct scrape would have shown them, whatever Prometheus made of them on the way:
 * - either spelling of host, UUID and model becomes dcgm-exporter's first one;
 * - where the target's labels collided with the workload's (no honorLabels), the workload arrives as `exported_*` and
 *   wins; `pod` then names the exporter's own pod and is dropped, as it is on an idle GPU.
 *
 * @param own what is known of the exporter behind `instance`; without it its pod is recognised by its usual names
 */
export function normaliseLabels(
  labels: ReadonlyMap<string, string>,
  own?: ExporterTarget,
): ReadonlyMap<string, string> {
  const normal = new Map<string, string>()
  for (const [name, value] of labels) {
    if (value === '' || name === '__name__' || name.startsWith(EXPORTED)) continue
    const canonical = RENAMED.get(name)
    if (OLD_WORKLOAD.has(name)) continue
    if (canonical === undefined) normal.set(name, value)
    else if ((labels.get(canonical) ?? '') === '') normal.set(canonical, value)
  }
  if (!takeOldWorkload(normal, labels)) restoreWorkload(normal, labels, own)
  restoreExported(normal, labels)
  return normal
}

/** @returns whether the labels are of the old namespace, and name a workload */
function takeOldWorkload(normal: Map<string, string>, labels: ReadonlyMap<string, string>): boolean {
  if ((labels.get('pod_name') ?? '') === '') return false
  for (const [old, name] of OLD_WORKLOAD) {
    const value = labels.get(old) ?? ''
    if (value === '') normal.delete(name)
    else normal.set(name, value)
  }
  return true
}

function restoreWorkload(
  normal: Map<string, string>,
  labels: ReadonlyMap<string, string>,
  own: ExporterTarget | undefined,
): void {
  const renamed = WORKLOAD.some((name) => labels.has(EXPORTED + name))
  if (!renamed && !isOwnPod(labels, own)) return
  for (const name of WORKLOAD) {
    const workload = labels.get(EXPORTED + name) ?? ''
    if (workload === '') normal.delete(name)
    else normal.set(name, workload)
  }
}

function isOwnPod(labels: ReadonlyMap<string, string>, own: ExporterTarget | undefined): boolean {
  const pod = labels.get('pod') ?? ''
  if (own !== undefined && own.pod !== '') return pod === own.pod && labels.get('namespace') === own.namespace
  return pod === '' || OWN_NAME.test(pod) || OWN_NAME.test(labels.get('container') ?? '')
}

/** Any other label that the target's own labels pushed aside (`exported_Hostname`, `exported_instance`) comes back. */
function restoreExported(normal: Map<string, string>, labels: ReadonlyMap<string, string>): void {
  for (const [name, value] of labels) {
    if (!name.startsWith(EXPORTED) || value === '') continue
    const bare = name.slice(EXPORTED.length)
    // `instance` and `job` name the target that Prometheus asked; freshness is per that target. Where that is another
    // Prometheus, the address of the exporter itself is what tells machines apart.
    if (bare === 'instance') normal.set(name, value)
    if (bare === 'instance' || bare === 'job' || WORKLOAD.some((label) => label === bare)) continue
    normal.set(RENAMED.get(bare) ?? bare, value)
  }
}
