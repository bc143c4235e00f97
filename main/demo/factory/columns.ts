/** Every figure of the floor, one array per field; row = GPU, and behind the GPUs the MIG instances where it says units. */
export interface Columns {
  /** Units. Ratios 0–1. */
  readonly smActive: Float64Array
  readonly grActive: Float64Array
  readonly tensorActive: Float64Array
  readonly dramActive: Float64Array
  /** Units. 0–100. */
  readonly gpuUtil: Float64Array
  readonly memCopyUtil: Float64Array
  /** Units. MiB. */
  readonly fbUsed: Float64Array
  readonly fbFree: Float64Array
  readonly fbReserved: Float64Array

  /** GPUs from here on. MHz. */
  readonly smClock: Float64Array
  readonly memClock: Float64Array
  /** nvmlClocksEventReasons bits. */
  readonly clockEvents: Float64Array
  /** °C. */
  readonly memTemp: Float64Array
  readonly gpuTemp: Float64Array
  /** W, and mJ since the driver was loaded. */
  readonly power: Float64Array
  readonly energy: Float64Array
  readonly pcieReplay: Float64Array
  /** ns below the clocks asked for, because of power or heat. */
  readonly powerViolation: Float64Array
  readonly thermalViolation: Float64Array
  readonly xid: Float64Array
  readonly eccSingle: Float64Array
  readonly eccDouble: Float64Array
  readonly remapUncorrectable: Float64Array
  readonly remapCorrectable: Float64Array
  /** MB/s over all links; exporters call it a counter, yet it falls. */
  readonly nvlink: Float64Array
  /** Bytes per second. */
  readonly pcieTx: Float64Array
  readonly pcieRx: Float64Array
  /** Always 0 on this floor: no video, no failed remap, no vGPU. */
  readonly nothing: Float64Array
}

export function createColumns(gpus: number, instances: number): Columns {
  const units = () => new Float64Array(gpus + instances)
  const boards = () => new Float64Array(gpus)
  return {
    smActive: units(),
    grActive: units(),
    tensorActive: units(),
    dramActive: units(),
    gpuUtil: units(),
    memCopyUtil: units(),
    fbUsed: units(),
    fbFree: units(),
    fbReserved: units(),
    smClock: boards(),
    memClock: boards(),
    clockEvents: boards(),
    memTemp: boards(),
    gpuTemp: boards(),
    power: boards(),
    energy: boards(),
    pcieReplay: boards(),
    powerViolation: boards(),
    thermalViolation: boards(),
    xid: boards(),
    eccSingle: boards(),
    eccDouble: boards(),
    remapUncorrectable: boards(),
    remapCorrectable: boards(),
    nvlink: boards(),
    pcieTx: boards(),
    pcieRx: boards(),
    nothing: units(),
  }
}
