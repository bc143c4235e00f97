/** GPU types: how a `modelName` label becomes a short type, and the bounds that make a reading plausible. */
export interface GpuType {
  readonly name: string
  /** Matches dcgm-exporter's `modelName`, which differs by board and driver ("NVIDIA H100 80GB HBM3"). */
  readonly pattern: RegExp
  /** Board power limit in W and memory in MiB, from NVIDIA's data sheets; the largest variant of the type. */
  readonly powerLimitWatts: number
  readonly memoryMebibytes: number
  /** Variants that draw less than the type's largest, in W; the first whose pattern fits counts. */
  readonly variants?: readonly { readonly pattern: RegExp; readonly powerLimitWatts: number }[]
}

const gibibytes = 1024

export const GPU_TYPES: readonly GpuType[] = [
  { name: 'GB300', pattern: /\bGB300\b/i, powerLimitWatts: 1400, memoryMebibytes: 288 * gibibytes },
  { name: 'GB200', pattern: /\bGB200\b/i, powerLimitWatts: 1200, memoryMebibytes: 192 * gibibytes },
  {
    name: 'B300',
    pattern: /\bB300\b/i,
    powerLimitWatts: 1400,
    memoryMebibytes: 288 * gibibytes,
    // Air-cooled boards are limited to less than liquid-cooled ones, under the same name.
    variants: [{ pattern: /./, powerLimitWatts: 1100 }],
  },
  { name: 'B200', pattern: /\bB200\b/i, powerLimitWatts: 1000, memoryMebibytes: 192 * gibibytes },
  {
    name: 'GH200',
    pattern: /\bGH200\b/i,
    powerLimitWatts: 1000,
    memoryMebibytes: 144 * gibibytes,
    // Its limit is that of the whole module and is set from here upwards.
    variants: [{ pattern: /./, powerLimitWatts: 450 }],
  },
  {
    name: 'H200',
    pattern: /\bH200\b/i,
    powerLimitWatts: 700,
    memoryMebibytes: 141 * gibibytes,
    variants: [{ pattern: /\bNVL\b/i, powerLimitWatts: 600 }],
  },
  {
    name: 'H100',
    pattern: /\bH100\b/i,
    powerLimitWatts: 700,
    memoryMebibytes: 96 * gibibytes,
    variants: [
      { pattern: /\bNVL\b/i, powerLimitWatts: 400 },
      { pattern: /\bPCIe\b/i, powerLimitWatts: 350 },
    ],
  },
  {
    name: 'H800',
    pattern: /\bH800\b/i,
    powerLimitWatts: 700,
    memoryMebibytes: 94 * gibibytes,
    variants: [
      { pattern: /\bNVL\b/i, powerLimitWatts: 400 },
      { pattern: /\bPCIe\b/i, powerLimitWatts: 350 },
    ],
  },
  { name: 'H20', pattern: /\bH20\b/i, powerLimitWatts: 500, memoryMebibytes: 141 * gibibytes },
  {
    name: 'A100',
    pattern: /\bA100\b/i,
    powerLimitWatts: 500,
    memoryMebibytes: 96 * gibibytes,
    variants: [
      { pattern: /\bPCIE-40GB\b/i, powerLimitWatts: 250 },
      { pattern: /\bPCIe\b/i, powerLimitWatts: 300 },
      { pattern: /./, powerLimitWatts: 400 },
    ],
  },
  {
    name: 'A800',
    pattern: /\bA800\b/i,
    powerLimitWatts: 400,
    memoryMebibytes: 80 * gibibytes,
    variants: [{ pattern: /\bPCIe\b|\bActive\b/i, powerLimitWatts: 240 }],
  },
  {
    name: 'RTX PRO 6000',
    pattern: /\bRTX PRO 6000\b/i,
    powerLimitWatts: 600,
    memoryMebibytes: 96 * gibibytes,
    variants: [{ pattern: /\bMax-Q\b/i, powerLimitWatts: 300 }],
  },
  { name: 'A40', pattern: /\bA40\b/i, powerLimitWatts: 300, memoryMebibytes: 48 * gibibytes },
  { name: 'A30', pattern: /\bA30\b/i, powerLimitWatts: 165, memoryMebibytes: 24 * gibibytes },
  { name: 'A10', pattern: /\bA10\b/i, powerLimitWatts: 150, memoryMebibytes: 24 * gibibytes },
  { name: 'A2', pattern: /\bA2\b/i, powerLimitWatts: 60, memoryMebibytes: 16 * gibibytes },
  { name: 'L40S', pattern: /\bL40S\b/i, powerLimitWatts: 350, memoryMebibytes: 48 * gibibytes },
  { name: 'L40', pattern: /\bL40\b/i, powerLimitWatts: 300, memoryMebibytes: 48 * gibibytes },
  { name: 'L20', pattern: /\bL20\b/i, powerLimitWatts: 275, memoryMebibytes: 48 * gibibytes },
  { name: 'L4', pattern: /\bL4\b/i, powerLimitWatts: 72, memoryMebibytes: 24 * gibibytes },
  {
    name: 'V100',
    pattern: /\bV100\b/i,
    powerLimitWatts: 350,
    memoryMebibytes: 32 * gibibytes,
    variants: [
      { pattern: /\bSXM3\b/i, powerLimitWatts: 350 },
      { pattern: /\bSXM2\b/i, powerLimitWatts: 300 },
      { pattern: /./, powerLimitWatts: 250 },
    ],
  },
  { name: 'P40', pattern: /\bP40\b/i, powerLimitWatts: 250, memoryMebibytes: 24 * gibibytes },
  { name: 'T4', pattern: /\bT4\b/i, powerLimitWatts: 70, memoryMebibytes: 16 * gibibytes },
  {
    name: 'RTX 5090',
    pattern: /\bRTX 5090\b(?!.*Laptop)/i,
    powerLimitWatts: 575,
    memoryMebibytes: 32 * gibibytes,
  },
  {
    name: 'RTX 4090',
    pattern: /\bRTX 4090\b(?!.*Laptop)/i,
    powerLimitWatts: 450,
    memoryMebibytes: 24 * gibibytes,
    variants: [{ pattern: /\b4090 D\b/i, powerLimitWatts: 425 }],
  },
  {
    name: 'RTX 3090',
    pattern: /\bRTX 3090\b/i,
    powerLimitWatts: 450,
    memoryMebibytes: 24 * gibibytes,
    variants: [{ pattern: /\b3090(?! Ti)/i, powerLimitWatts: 350 }],
  },
  {
    name: 'RTX 6000 Ada',
    pattern: /\bRTX 6000 Ada\b/i,
    powerLimitWatts: 300,
    memoryMebibytes: 48 * gibibytes,
  },
  { name: 'RTX A6000', pattern: /\bRTX A6000\b/i, powerLimitWatts: 300, memoryMebibytes: 48 * gibibytes },
]

/** What a model name was found to be. */
export interface FoundType {
  readonly name: string
  /**
   * Board power limit of this very model, W; null where nobody here knows it: a board that no pattern fits, or a slice
   * of one that a hypervisor gives out. Nothing is judged against a limit that is not known.
   */
  readonly boardPowerWatts: number | null
  /** The largest of the type, W and MiB; null as above. */
  readonly powerLimitWatts: number | null
  readonly memoryMebibytes: number | null
}

/** What names were found to be: they are asked for every GPU of the floor several times a second. */
const found = new Map<string, FoundType>()
/** More names than any floor has; names are untrusted text. */
const MOST_FOUND = 256

export function gpuTypeOf(modelName: string): FoundType {
  const before = found.get(modelName)
  if (before) return before
  const type = find(modelName)
  if (found.size >= MOST_FOUND) found.clear()
  found.set(modelName, type)
  return type
}

function find(modelName: string): FoundType {
  const bare = modelName.replace(/^NVIDIA\s+/i, '').trim()
  if (isVirtual(bare)) return unlisted(`vGPU ${bare.replace(/^GRID\s+/i, '')}`)
  const known = GPU_TYPES.find((type) => type.pattern.test(modelName))
  if (known) {
    const { name, powerLimitWatts, memoryMebibytes, variants } = known
    const variant = variants?.find(({ pattern }) => pattern.test(modelName))
    const boardPowerWatts = variant?.powerLimitWatts ?? powerLimitWatts
    return { name, boardPowerWatts, powerLimitWatts, memoryMebibytes }
  }
  return unlisted(bare === '' ? 'unknown type' : bare)
}

function unlisted(name: string): FoundType {
  return { name, boardPowerWatts: null, powerLimitWatts: null, memoryMebibytes: null }
}

/**
 * vGPU types end in their frame buffer in GiB and a series letter: "GRID A100-40C", "NVIDIA A40-48Q", "A100-1-5CME" (a MIG
 * slice behind a hypervisor), "T4-1B4". A board's own name ends in memory or form factor: "A100-PCIE-40GB", "H20-3e".
 */
const VIRTUAL = /-\d{1,3}[ABCQ](?:\d|ME)?$/i

/** Whether a model name is that of a vGPU: a slice of a board, seen from inside a virtual machine. */
export function isVirtual(modelName: string): boolean {
  return VIRTUAL.test(modelName.trim())
}
