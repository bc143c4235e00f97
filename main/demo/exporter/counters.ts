import type { Columns } from '../factory/columns.ts'

/** One entry of the exporter's counter list. */
export interface Counter {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter'
  /** DCGM's field type: int64 is printed as a whole number, double with six decimals (Go's %f). */
  readonly format: 'int64' | 'double'
  readonly column: keyof Columns
  /** Rows of the column: one per board, or one per unit with MIG instances behind the boards. */
  readonly per: 'board' | 'unit'
  /** In dcgm-exporter's default list; the others are what operators usually add. */
  readonly standard: boolean
}

type Options = { per?: 'unit'; type?: 'counter'; format?: 'double'; added?: true }

function counter(name: string, column: keyof Columns, help: string, options: Options = {}): Counter {
  const { per = 'board', type = 'gauge', format = 'int64', added = false } = options
  return { name, column, help, per, type, format, standard: !added }
}

export const XID = 'DCGM_FI_DEV_XID_ERRORS'
export const CLOCK_EVENTS = 'DCGM_FI_DEV_CLOCKS_EVENT_REASONS'

/**
 * In the order in which the exporter prints them: by DCGM's field number, since Go's templates sort map keys. HELP texts
 * of the default list are word for word the exporter's.
 */
export const COUNTERS: readonly Counter[] = [
  counter('DCGM_FI_DEV_SM_CLOCK', 'smClock', 'SM clock frequency (in MHz).'),
  counter('DCGM_FI_DEV_MEM_CLOCK', 'memClock', 'Memory clock frequency (in MHz).'),
  counter(CLOCK_EVENTS, 'clockEvents', 'Current clock event reasons.', { added: true }),
  counter('DCGM_FI_DEV_MEMORY_TEMP', 'memTemp', 'Memory temperature (in C).'),
  counter('DCGM_FI_DEV_GPU_TEMP', 'gpuTemp', 'GPU temperature (in C).'),
  counter('DCGM_FI_DEV_POWER_USAGE', 'power', 'Power draw (in W).', { format: 'double' }),
  counter('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', 'energy', 'Total energy consumption since boot (in mJ).', {
    type: 'counter',
  }),
  counter('DCGM_FI_DEV_PCIE_REPLAY_COUNTER', 'pcieReplay', 'Total number of PCIe retries.', {
    type: 'counter',
  }),
  counter('DCGM_FI_DEV_GPU_UTIL', 'gpuUtil', 'GPU utilization (in %).', { per: 'unit' }),
  counter('DCGM_FI_DEV_MEM_COPY_UTIL', 'memCopyUtil', 'Memory utilization (in %).', { per: 'unit' }),
  counter('DCGM_FI_DEV_ENC_UTIL', 'nothing', 'Encoder utilization (in %).', { per: 'unit' }),
  counter('DCGM_FI_DEV_DEC_UTIL', 'nothing', 'Decoder utilization (in %).', { per: 'unit' }),
  counter(XID, 'xid', 'Value of the last XID error encountered.'),
  counter(
    'DCGM_FI_DEV_POWER_VIOLATION',
    'powerViolation',
    'Throttling duration due to power constraints (in ns).',
    { type: 'counter', added: true },
  ),
  counter(
    'DCGM_FI_DEV_THERMAL_VIOLATION',
    'thermalViolation',
    'Throttling duration due to thermal constraints (in ns).',
    { type: 'counter', added: true },
  ),
  counter('DCGM_FI_DEV_FB_FREE', 'fbFree', 'Framebuffer memory free (in MiB).', { per: 'unit' }),
  counter('DCGM_FI_DEV_FB_USED', 'fbUsed', 'Framebuffer memory used (in MiB).', { per: 'unit' }),
  counter('DCGM_FI_DEV_FB_RESERVED', 'fbReserved', 'Framebuffer memory reserved (in MiB).', { per: 'unit' }),
  counter('DCGM_FI_DEV_ECC_SBE_VOL_TOTAL', 'eccSingle', 'Total number of single-bit volatile ECC errors.', {
    type: 'counter',
    added: true,
  }),
  counter('DCGM_FI_DEV_ECC_DBE_VOL_TOTAL', 'eccDouble', 'Total number of double-bit volatile ECC errors.', {
    type: 'counter',
    added: true,
  }),
  counter(
    'DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS',
    'remapUncorrectable',
    'Number of remapped rows for uncorrectable errors',
    { type: 'counter' },
  ),
  counter(
    'DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS',
    'remapCorrectable',
    'Number of remapped rows for correctable errors',
    { type: 'counter' },
  ),
  counter('DCGM_FI_DEV_ROW_REMAP_FAILURE', 'nothing', 'Whether remapping of rows has failed'),
  counter(
    'DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL',
    'nvlink',
    'Total number of NVLink bandwidth counters for all lanes.',
    { type: 'counter' },
  ),
  counter('DCGM_FI_DEV_VGPU_LICENSE_STATUS', 'nothing', 'vGPU License status'),
  counter('DCGM_FI_PROF_GR_ENGINE_ACTIVE', 'grActive', 'Ratio of time the graphics engine is active.', {
    per: 'unit',
    format: 'double',
  }),
  counter('DCGM_FI_PROF_SM_ACTIVE', 'smActive', 'The ratio of cycles an SM has at least 1 warp assigned.', {
    per: 'unit',
    format: 'double',
    added: true,
  }),
  counter(
    'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE',
    'tensorActive',
    'Ratio of cycles the tensor (HMMA) pipe is active.',
    { per: 'unit', format: 'double' },
  ),
  counter(
    'DCGM_FI_PROF_DRAM_ACTIVE',
    'dramActive',
    'Ratio of cycles the device memory interface is active sending or receiving data.',
    { per: 'unit', format: 'double' },
  ),
  counter(
    'DCGM_FI_PROF_PCIE_TX_BYTES',
    'pcieTx',
    'The rate of data transmitted over the PCIe bus - including both protocol headers and data payloads - in bytes per second.',
  ),
  counter(
    'DCGM_FI_PROF_PCIE_RX_BYTES',
    'pcieRx',
    'The rate of data received over the PCIe bus - including both protocol headers and data payloads - in bytes per second.',
  ),
]

/** The exporter's own count of XIDs within its window, where it is switched on. */
export const XID_COUNT = {
  name: 'DCGM_EXP_XID_ERRORS_COUNT',
  help: 'Count of XID Errors within user-specified time window (see xid-count-window-size param).',
  type: 'gauge',
  windowMs: 300_000,
} as const

/** Exporters before DCGM 4 know clock events under this name. */
export const CLASSIC_CLOCK_EVENTS: Pick<Counter, 'name' | 'help'> = {
  name: 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS',
  help: 'Current clock throttle reasons.',
}

/** The exporter's wording of `err_msg`. */
export const XID_MESSAGES: Readonly<Record<number, string>> = {
  0: 'No Error',
  48: 'Double Bit ECC Error',
  79: 'GPU has fallen off the bus',
  94: 'Contained ECC error',
}
