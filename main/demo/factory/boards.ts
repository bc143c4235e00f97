/** The four board types of the floor, with the figures that their telemetry follows. */
export interface Board {
  readonly name: 'H100' | 'H200' | 'B200' | 'A100'
  /** As dcgm-exporter's `modelName` label spells it. */
  readonly modelName: string
  readonly driver: string
  /** Frame buffer as the driver reports it, MiB, and what of it the driver keeps for itself. */
  readonly memoryMebibytes: number
  readonly reservedMebibytes: number
  readonly idleWatts: number
  /** Board power limit of NVIDIA's data sheet. */
  readonly limitWatts: number
  /** MHz. */
  readonly idleClock: number
  readonly maxClock: number
  readonly memoryClock: number
  /** Kelvin over inlet air per watt, air-cooled SXM tray. */
  readonly thermalResistance: number
  /** Where the driver starts to slow the clocks for heat. */
  readonly slowdownCelsius: number
  /** Per direction at full load, MB/s. */
  readonly nvlinkMegabytes: number
  /** Serving rate for a 70 B model, tokens per second (MLPerf Inference 5.1, Llama2-70B Offline). */
  readonly tokensPerSecond: number
  /** PCI bus numbers of the eight slots, as on common HGX trays. */
  readonly buses: readonly string[]
  /** Older exporters print an XID of 0 and blank values, and name clock events the old way. */
  readonly exporter: 'classic' | 'current'
  /** The operator switched DCGM_EXP_XID_ERRORS_COUNT on in this pool's counter list. */
  readonly countsXids: boolean
}

const hopperBuses = ['1B', '43', '52', '61', '9D', 'C3', 'D1', 'DF']

const H100: Board = {
  name: 'H100',
  modelName: 'NVIDIA H100 80GB HBM3',
  driver: '580.105.08',
  memoryMebibytes: 81_559,
  reservedMebibytes: 550,
  idleWatts: 67.3,
  limitWatts: 700,
  idleClock: 345,
  maxClock: 1980,
  memoryClock: 2619,
  thermalResistance: 0.07,
  slowdownCelsius: 87,
  nvlinkMegabytes: 360_000,
  tokensPerSecond: 3902,
  buses: hopperBuses,
  exporter: 'current',
  countsXids: false,
}

const H200: Board = {
  ...H100,
  name: 'H200',
  modelName: 'NVIDIA H200',
  memoryMebibytes: 143_771,
  reservedMebibytes: 602,
  idleWatts: 75.6,
  memoryClock: 3201,
  thermalResistance: 0.068,
  tokensPerSecond: 4415,
  buses: ['19', '3B', '4C', '5D', '9B', 'BB', 'CB', 'DB'],
  countsXids: true,
}

const B200: Board = {
  ...H100,
  name: 'B200',
  modelName: 'NVIDIA B200',
  memoryMebibytes: 183_359,
  reservedMebibytes: 732,
  idleWatts: 142.5,
  limitWatts: 1000,
  idleClock: 120,
  maxClock: 1965,
  memoryClock: 3996,
  thermalResistance: 0.047,
  slowdownCelsius: 88,
  nvlinkMegabytes: 720_000,
  tokensPerSecond: 12_864,
  countsXids: true,
}

const A100: Board = {
  name: 'A100',
  modelName: 'NVIDIA A100-SXM4-80GB',
  driver: '535.183.06',
  memoryMebibytes: 81_920,
  reservedMebibytes: 653,
  idleWatts: 58.4,
  limitWatts: 400,
  idleClock: 210,
  maxClock: 1410,
  memoryClock: 1593,
  thermalResistance: 0.1,
  slowdownCelsius: 86,
  nvlinkMegabytes: 240_000,
  tokensPerSecond: 1410,
  buses: ['07', '0F', '47', '4E', '87', '90', 'B7', 'BD'],
  exporter: 'classic',
  countsXids: false,
}

export const BOARDS = { H100, H200, B200, A100 } as const
export type BoardName = keyof typeof BOARDS

/** One way to cut an A100 80GB into MIG instances: profile and GPU instance id, as `nvidia-smi mig -lgi` lists them. */
export interface InstanceSpec {
  readonly profile: string
  readonly id: string
  /** Compute slices of seven, memory slices of eight. */
  readonly compute: number
  readonly memory: number
}

const slice = (profile: string, id: string, compute: number, memory: number): InstanceSpec => ({
  profile,
  id,
  compute,
  memory,
})

export const MIG_LAYOUTS: readonly (readonly InstanceSpec[])[] = [
  ['7', '8', '9', '10', '11', '12', '13'].map((id) => slice('1g.10gb', id, 1, 1)),
  [slice('3g.40gb', '1', 3, 4), slice('3g.40gb', '2', 3, 4)],
  [slice('3g.40gb', '2', 3, 4), slice('2g.20gb', '3', 2, 2), slice('2g.20gb', '4', 2, 2)],
]
