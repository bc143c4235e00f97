/** Exporters of GPU figures beside dcgm-exporter, told by the names of their series. */
export interface KnownExporter {
  /** "AMD's Device Metrics Exporter" */
  readonly name: string
  /** Series that no other exporter sends. */
  readonly pattern: RegExp
  /** What brings the same figures in a form that Floorwatch reads; null where nothing does. */
  readonly instead: string | null
}

const DCGM = 'dcgm-exporter on the same hosts'

/** In the order in which they are looked for: the ones with names of their own first. */
const KNOWN: readonly KnownExporter[] = [
  { name: "AMD's Device Metrics Exporter", pattern: /^amd_gpu_/, instead: null },
  {
    // Without its configurable prefix the names are plain; these stand for fields that only AMD's boards have.
    name: "AMD's Device Metrics Exporter",
    pattern:
      /^gpu_(?:nodes_total|package_power|average_package_power|(?:edge|junction|hbm)_temperature|(?:gfx|umc|mma|vcn|jpeg)_activity|xgmi_|(?:total|used|free)_(?:vram|visible_vram|gtt)$|ecc_(?:un)?correct_)/,
    instead: null,
  },
  { name: "AMD's SMI exporter", pattern: /^(?:amd_smi_|rocm_smi_|amdsmi_|rocm_)/, instead: null },
  { name: "Intel's XPU Manager", pattern: /^xpum_/, instead: null },
  { name: 'an exporter of Intel GPUs', pattern: /^(?:intel_gpu_|igpu_|i915_)/, instead: null },
  { name: "Intel Gaudi's exporter", pattern: /^habanalabs_/, instead: null },
  { name: "Huawei's NPU exporter", pattern: /^(?:npu_|machine_npu_nums)/, instead: null },
  { name: 'nvidia_gpu_exporter', pattern: /^nvidia_smi_/, instead: DCGM },
  { name: 'an exporter of NVML', pattern: /^(?:nvml_|nvidia_gpu_)/, instead: DCGM },
  {
    name: "HAMi's vGPU monitor",
    pattern: /^(?:vGPU_|Device_utilization_desc_of_container|HostGPUMemoryUsage|HostCoreUtilization)/,
    instead: DCGM,
  },
  {
    name: "Google's GPU device plugin",
    pattern: /^(?:duty_cycle|memory_(?:used|total))_gpu_node$/,
    instead: DCGM,
  },
  { name: "Prometheus' node_exporter", pattern: /^node_(?:cpu|memory|filesystem|exporter)_/, instead: DCGM },
  {
    name: 'an inference server',
    pattern: /^(?:vllm:|sglang:|tgi_|trtllm_|nv_inference_|dynamo_)/,
    instead: null,
  },
]

/**
 * Which exporter sends series of these names, where it is one that is known and is not dcgm-exporter; null otherwise.
 * Pure: a look at the names, in their order, that stops at the first that tells.
 */
export function knownExporterOf(names: Iterable<string>): KnownExporter | null {
  const all = [...names]
  if (all.some((name) => name.startsWith('DCGM_'))) return null
  return KNOWN.find(({ pattern }) => all.some((name) => pattern.test(name))) ?? null
}

/** "this is AMD's Device Metrics Exporter, which Floorwatch does not read", for the failure of a source. */
export function unreadExporterText({ name }: KnownExporter): string {
  return `this is ${name}, which Floorwatch does not read as a source of GPUs`
}
