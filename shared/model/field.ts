/**
 * The GPU fields that Floorwatch understands. Names are dcgm-exporter's; values travel and are stored in the
 * exporter's own unit, and `display` says how a screen shows them. The position in the list is the field's wire code:
 * append only.
 */
export interface Field {
  readonly id: string
  /** dcgm-exporter series names that carry it, the preferred one first. */
  readonly series: readonly string[]
  readonly title: string
  /** At most 10 characters, for table heads and the metric switch. */
  readonly short: string
  readonly kind: 'gauge' | 'counter' | 'code' | 'bitmask'
  /** Values outside are implausible whatever the GPU type; `null`: bounded per GPU type, see gpuType.ts. */
  readonly range: readonly [number, number] | null
  /** `shown = raw × scale`, with `digits` decimals, then the unit. */
  readonly display: { readonly unit: string; readonly scale: number; readonly digits: number }
  /** Repeated on every MIG instance of a board, so that instances must never be summed (dcgm-exporter#317). */
  readonly perBoard: boolean
  /** `fast` fields are asked of Prometheus at every refresh, `slow` ones every `slowEvery` refreshes. */
  readonly pace: 'fast' | 'slow'
  /** Default thresholds in the exporter's unit; configuration may override them. */
  readonly limits?: { readonly advisory: number; readonly critical: number }
}

const INT32_MAX = 2_147_483_647
const percentOfRatio = { unit: '%', scale: 100, digits: 0 } as const
const percent = { unit: '%', scale: 1, digits: 0 } as const
const mebibytes = { unit: 'GiB', scale: 1 / 1024, digits: 1 } as const
const bytesPerSecond = { unit: 'GB/s', scale: 1e-9, digits: 2 } as const
const count = { unit: '', scale: 1, digits: 0 } as const

function define<const F extends readonly Field[]>(fields: F): F {
  return fields
}

export const FIELDS = define([
  {
    id: 'smActive',
    series: ['DCGM_FI_PROF_SM_ACTIVE'],
    title: 'SM activity',
    short: 'SM',
    kind: 'gauge',
    range: [0, 1.005],
    display: percentOfRatio,
    perBoard: false,
    pace: 'fast',
  },
  {
    id: 'grActive',
    series: ['DCGM_FI_PROF_GR_ENGINE_ACTIVE'],
    title: 'Graphics engine activity',
    short: 'GR engine',
    kind: 'gauge',
    range: [0, 1.005],
    display: percentOfRatio,
    perBoard: false,
    pace: 'fast',
  },
  {
    id: 'tensorActive',
    series: ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE'],
    title: 'Tensor pipe activity',
    short: 'Tensor',
    kind: 'gauge',
    range: [0, 1.005],
    display: percentOfRatio,
    perBoard: false,
    pace: 'fast',
  },
  {
    id: 'dramActive',
    series: ['DCGM_FI_PROF_DRAM_ACTIVE'],
    title: 'DRAM activity',
    short: 'DRAM',
    kind: 'gauge',
    range: [0, 1.005],
    display: percentOfRatio,
    perBoard: false,
    pace: 'slow',
  },
  {
    id: 'power',
    series: ['DCGM_FI_DEV_POWER_USAGE'],
    title: 'Board power',
    short: 'Power',
    kind: 'gauge',
    range: null,
    display: { unit: 'W', scale: 1, digits: 0 },
    perBoard: true,
    pace: 'fast',
  },
  {
    id: 'gpuTemp',
    series: ['DCGM_FI_DEV_GPU_TEMP'],
    title: 'GPU temperature',
    short: 'GPU temp',
    kind: 'gauge',
    range: [1, 130],
    display: { unit: '°C', scale: 1, digits: 0 },
    perBoard: true,
    pace: 'fast',
    limits: { advisory: 84, critical: 90 },
  },
  {
    id: 'memTemp',
    series: ['DCGM_FI_DEV_MEMORY_TEMP'],
    title: 'Memory temperature',
    short: 'Mem temp',
    kind: 'gauge',
    range: [0, 130],
    display: { unit: '°C', scale: 1, digits: 0 },
    perBoard: true,
    pace: 'slow',
    limits: { advisory: 97, critical: 105 },
  },
  {
    id: 'fbUsed',
    series: ['DCGM_FI_DEV_FB_USED'],
    title: 'Frame buffer used',
    short: 'FB used',
    kind: 'gauge',
    range: null,
    display: mebibytes,
    perBoard: false,
    pace: 'slow',
  },
  {
    id: 'fbFree',
    series: ['DCGM_FI_DEV_FB_FREE'],
    title: 'Frame buffer free',
    short: 'FB free',
    kind: 'gauge',
    range: null,
    display: mebibytes,
    perBoard: false,
    pace: 'slow',
  },
  {
    id: 'fbReserved',
    series: ['DCGM_FI_DEV_FB_RESERVED'],
    title: 'Frame buffer reserved',
    short: 'FB resv',
    kind: 'gauge',
    range: null,
    display: mebibytes,
    perBoard: false,
    pace: 'slow',
  },
  {
    id: 'gpuUtil',
    series: ['DCGM_FI_DEV_GPU_UTIL'],
    title: 'GPU utilisation',
    short: 'GPU util',
    kind: 'gauge',
    range: [0, 100],
    display: percent,
    perBoard: false,
    pace: 'fast',
  },
  {
    id: 'memCopyUtil',
    series: ['DCGM_FI_DEV_MEM_COPY_UTIL'],
    title: 'Memory copy utilisation',
    short: 'Mem util',
    kind: 'gauge',
    range: [0, 100],
    display: percent,
    perBoard: false,
    pace: 'slow',
  },
  {
    id: 'encUtil',
    series: ['DCGM_FI_DEV_ENC_UTIL'],
    title: 'Encoder utilisation',
    short: 'Encoder',
    kind: 'gauge',
    range: [0, 100],
    display: percent,
    perBoard: false,
    pace: 'slow',
  },
  {
    id: 'decUtil',
    series: ['DCGM_FI_DEV_DEC_UTIL'],
    title: 'Decoder utilisation',
    short: 'Decoder',
    kind: 'gauge',
    range: [0, 100],
    display: percent,
    perBoard: false,
    pace: 'slow',
  },
  {
    id: 'smClock',
    series: ['DCGM_FI_DEV_SM_CLOCK'],
    title: 'SM clock',
    short: 'SM clock',
    kind: 'gauge',
    range: [0, 5000],
    display: { unit: 'MHz', scale: 1, digits: 0 },
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'memClock',
    series: ['DCGM_FI_DEV_MEM_CLOCK'],
    title: 'Memory clock',
    short: 'Mem clock',
    kind: 'gauge',
    range: [0, 20_000],
    display: { unit: 'MHz', scale: 1, digits: 0 },
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'pcieTx',
    series: ['DCGM_FI_PROF_PCIE_TX_BYTES'],
    title: 'PCIe sent',
    short: 'PCIe TX',
    kind: 'gauge',
    range: [0, 256e9],
    display: bytesPerSecond,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'pcieRx',
    series: ['DCGM_FI_PROF_PCIE_RX_BYTES'],
    title: 'PCIe received',
    short: 'PCIe RX',
    kind: 'gauge',
    range: [0, 256e9],
    display: bytesPerSecond,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'pcieReplay',
    series: ['DCGM_FI_DEV_PCIE_REPLAY_COUNTER'],
    title: 'PCIe replays',
    short: 'PCIe rpl',
    kind: 'counter',
    range: [0, INT32_MAX],
    display: count,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'nvlink',
    series: ['DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL'],
    // Its TYPE says counter, yet it is a rate in MB/s that rises and falls (dcgm-exporter#417).
    title: 'NVLink bandwidth',
    short: 'NVLink',
    kind: 'gauge',
    range: [0, 10e6],
    display: { unit: 'GB/s', scale: 1e-3, digits: 1 },
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'energy',
    series: ['DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION'],
    title: 'Energy since driver load',
    short: 'Energy',
    kind: 'counter',
    range: [0, 2 ** 53],
    display: { unit: 'kWh', scale: 1 / 3.6e9, digits: 1 },
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'xid',
    series: ['DCGM_FI_DEV_XID_ERRORS'],
    title: 'Last XID error',
    short: 'XID',
    kind: 'code',
    range: [0, 1000],
    display: count,
    perBoard: false,
    pace: 'fast',
  },
  {
    id: 'eccDbe',
    series: ['DCGM_FI_DEV_ECC_DBE_VOL_TOTAL'],
    title: 'Double-bit ECC errors',
    short: 'ECC DBE',
    kind: 'counter',
    range: [0, INT32_MAX],
    display: count,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'eccSbe',
    series: ['DCGM_FI_DEV_ECC_SBE_VOL_TOTAL'],
    title: 'Single-bit ECC errors',
    short: 'ECC SBE',
    kind: 'counter',
    range: [0, INT32_MAX],
    display: count,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'remapUncorrectable',
    series: ['DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS'],
    title: 'Rows remapped, uncorrectable',
    short: 'Remap unc',
    kind: 'counter',
    range: [0, INT32_MAX],
    display: count,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'remapCorrectable',
    series: ['DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS'],
    title: 'Rows remapped, correctable',
    short: 'Remap cor',
    kind: 'counter',
    range: [0, INT32_MAX],
    display: count,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'remapFailure',
    series: ['DCGM_FI_DEV_ROW_REMAP_FAILURE'],
    title: 'Row remapping failed',
    short: 'Remap fail',
    kind: 'code',
    range: [0, 1],
    display: count,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'clockEvents',
    series: ['DCGM_FI_DEV_CLOCKS_EVENT_REASONS', 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS'],
    title: 'Clock event reasons',
    short: 'Clock evt',
    kind: 'bitmask',
    range: [0, 0xffff],
    display: count,
    perBoard: true,
    pace: 'fast',
  },
  {
    id: 'powerViolation',
    series: ['DCGM_FI_DEV_POWER_VIOLATION'],
    title: 'Power throttling time',
    short: 'Power vio',
    kind: 'counter',
    range: [0, 2 ** 53],
    display: { unit: 's', scale: 1e-9, digits: 0 },
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'thermalViolation',
    series: ['DCGM_FI_DEV_THERMAL_VIOLATION'],
    title: 'Thermal throttling time',
    short: 'Therm vio',
    kind: 'counter',
    range: [0, 2 ** 53],
    display: { unit: 's', scale: 1e-9, digits: 0 },
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'vgpuLicense',
    series: ['DCGM_FI_DEV_VGPU_LICENSE_STATUS'],
    title: 'vGPU licence status',
    short: 'vGPU lic',
    kind: 'code',
    range: [0, 10],
    display: count,
    perBoard: true,
    pace: 'slow',
  },
  {
    id: 'powerLimit',
    series: ['DCGM_FI_DEV_POWER_MGMT_LIMIT', 'DCGM_FI_DEV_ENFORCED_POWER_LIMIT'],
    title: 'Board power limit',
    short: 'Power lim',
    kind: 'gauge',
    range: [1, 10_000],
    display: { unit: 'W', scale: 1, digits: 0 },
    perBoard: true,
    pace: 'slow',
  },
])

export type FieldId = (typeof FIELDS)[number]['id']
export const FIELD_IDS = FIELDS.map((field) => field.id) as [FieldId, ...FieldId[]]

const codeById = new Map<string, number>(FIELDS.map((field, code) => [field.id, code]))
/** What OpenTelemetry collectors append to the name of whatever its TYPE calls a counter. */
const OF_COUNTERS = '_total'
/** Rates that dcgm-exporter calls counters. */
const CALLED_COUNTERS: ReadonlySet<string> = new Set(['nvlink'])

/** All names under which a field may come, the preferred one first. */
export function seriesNamesOf({
  id,
  kind,
  series,
}: Pick<Field, 'id' | 'kind' | 'series'>): readonly string[] {
  if (kind !== 'counter' && !CALLED_COUNTERS.has(id)) return series
  return [...series, ...series.map((name) => name + OF_COUNTERS)]
}

const codeBySeries = new Map<string, number>(
  FIELDS.flatMap((field, code) => seriesNamesOf(field).map((name) => [name, code] as const)),
)

/** The wire code of a field: its place in {@link FIELDS}. */
export function fieldCode(id: FieldId): number {
  return codeById.get(id) as number
}

/** The field that a dcgm-exporter series name carries, or -1 for a series that Floorwatch does not draw. */
export function fieldCodeOfSeries(seriesName: string): number {
  return codeBySeries.get(seriesName) ?? -1
}

export function field(id: FieldId): Field {
  return FIELDS[fieldCode(id)] as Field
}

/** What the metric switch offers, keys 1 to 9 in this order. */
export const SWITCHABLE_FIELDS: readonly FieldId[] = [
  'smActive',
  'grActive',
  'tensorActive',
  'dramActive',
  'power',
  'gpuTemp',
  'memTemp',
  'fbUsed',
  'gpuUtil',
]

/** Clock event reason bits (nvml.h, nvmlClocksEventReasons). `harmful` ones slow a busy GPU against its owner's will. */
export const CLOCK_EVENT_REASONS = [
  { bit: 0x1, name: 'idle', harmful: false },
  { bit: 0x2, name: 'application clocks setting', harmful: false },
  { bit: 0x4, name: 'software power cap', harmful: false },
  { bit: 0x8, name: 'hardware slowdown', harmful: true },
  { bit: 0x10, name: 'sync boost', harmful: false },
  { bit: 0x20, name: 'software thermal slowdown', harmful: true },
  { bit: 0x40, name: 'hardware thermal slowdown', harmful: true },
  { bit: 0x80, name: 'hardware power brake', harmful: true },
  { bit: 0x100, name: 'display clock setting', harmful: false },
] as const
