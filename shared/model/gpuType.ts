/**
 * GPU types: how a `modelName` label becomes a short type, and the bounds that make a reading plausible.
 *
 * A limit stands here only where it was looked up for boards of that very name: as the cap that nvidia-smi prints beside
 * the name in public logs ("350W" for "NVIDIA L20", whose data sheet says 275 W), and else in the product brief or data sheet that
 * the entry names. Names are those of the driver, which DCGM passes on; its list of supported boards has all spellings.
 * What could not be confirmed is null: then "busy but idle" is not judged, unless the exporter sends its own limit.
 */
export interface GpuType {
  readonly name: string
  /** Matches dcgm-exporter's `modelName`, which differs by board and driver ("NVIDIA H100 80GB HBM3"). */
  readonly pattern: RegExp
  /** The largest board power limit of the type, W, and the largest memory, MiB: bounds of what is plausible. */
  readonly powerLimitWatts: number
  readonly memoryMebibytes: number
  /**
   * Limits of its boards by name, W; the first whose pattern fits counts, and a board that fits none has the limit of
   * the type. Null where it is not known.
   */
  readonly variants?: readonly { readonly pattern: RegExp; readonly powerLimitWatts: number | null }[]
}

const gibibytes = 1024
/** Boards of other names under the same type, whose limit has not been confirmed. */
const ANY_OTHER = { pattern: /./, powerLimitWatts: null }

export const GPU_TYPES: readonly GpuType[] = [
  { name: 'GB300', pattern: /\bGB300\b/i, powerLimitWatts: 1400, memoryMebibytes: 288 * gibibytes },
  { name: 'GB200', pattern: /\bGB200\b/i, powerLimitWatts: 1200, memoryMebibytes: 192 * gibibytes },
  {
    name: 'B300',
    pattern: /\bB300\b/i,
    powerLimitWatts: 1400,
    memoryMebibytes: 288 * gibibytes,
    // Liquid-cooled boards may have more; only air-cooled ones ("SXM6 AC") were seen.
    variants: [{ pattern: /./, powerLimitWatts: 1100 }],
  },
  { name: 'B200', pattern: /\bB200\b/i, powerLimitWatts: 1000, memoryMebibytes: 192 * gibibytes },
  {
    name: 'GH200',
    pattern: /\bGH200\b/i,
    powerLimitWatts: 1000,
    memoryMebibytes: 144 * gibibytes,
    // The limit of the module is set per site (700 W and 900 W were seen); this is the least that its data sheet allows.
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
      // Product brief PB-11133-001.
      { pattern: /\bPCIe\b/i, powerLimitWatts: 350 },
      { pattern: /\bHBM3\b/i, powerLimitWatts: 700 },
      ANY_OTHER,
    ],
  },
  {
    name: 'H800',
    pattern: /\bH800\b/i,
    powerLimitWatts: 700,
    memoryMebibytes: 141 * gibibytes,
    variants: [
      { pattern: /\bPCIe\b/i, powerLimitWatts: 350 },
      { pattern: /\bH800$/i, powerLimitWatts: 700 },
      ANY_OTHER,
    ],
  },
  {
    name: 'H20',
    pattern: /\bH20\b/i,
    powerLimitWatts: 500,
    memoryMebibytes: 141 * gibibytes,
    variants: [{ pattern: /\bH20(?:-3e)?$/i, powerLimitWatts: 500 }, ANY_OTHER],
  },
  {
    name: 'A100',
    pattern: /\bA100\b/i,
    powerLimitWatts: 500,
    memoryMebibytes: 96 * gibibytes,
    variants: [
      // Product brief PB-10137-001.
      { pattern: /\bPCIE-40GB\b/i, powerLimitWatts: 250 },
      { pattern: /\b80GB PCIe\b/i, powerLimitWatts: 300 },
      { pattern: /\bSXM4-[48]0GB\b/i, powerLimitWatts: 400 },
      ANY_OTHER,
    ],
  },
  {
    name: 'A800',
    pattern: /\bA800\b/i,
    powerLimitWatts: 400,
    memoryMebibytes: 80 * gibibytes,
    variants: [
      { pattern: /\b80GB PCIe$/i, powerLimitWatts: 300 },
      { pattern: /\bSXM4-80GB\b/i, powerLimitWatts: 400 },
      ANY_OTHER,
    ],
  },
  {
    name: 'RTX PRO 6000',
    pattern: /\bRTX PRO 6000\b/i,
    powerLimitWatts: 600,
    memoryMebibytes: 96 * gibibytes,
    variants: [
      { pattern: /\bMax-Q\b/i, powerLimitWatts: 300 },
      { pattern: /\b(?:Server|Workstation) Edition$/i, powerLimitWatts: 600 },
      ANY_OTHER,
    ],
  },
  // Product brief PB-09976-001.
  { name: 'A40', pattern: /\bA40\b/i, powerLimitWatts: 300, memoryMebibytes: 48 * gibibytes },
  { name: 'A30', pattern: /\bA30\b/i, powerLimitWatts: 165, memoryMebibytes: 24 * gibibytes },
  { name: 'A10', pattern: /\bA10\b/i, powerLimitWatts: 150, memoryMebibytes: 24 * gibibytes },
  { name: 'A2', pattern: /\bA2\b/i, powerLimitWatts: 60, memoryMebibytes: 16 * gibibytes },
  { name: 'L40S', pattern: /\bL40S\b/i, powerLimitWatts: 350, memoryMebibytes: 48 * gibibytes },
  { name: 'L40', pattern: /\bL40\b/i, powerLimitWatts: 300, memoryMebibytes: 48 * gibibytes },
  { name: 'L20', pattern: /\bL20\b/i, powerLimitWatts: 350, memoryMebibytes: 48 * gibibytes },
  { name: 'L4', pattern: /\bL4\b/i, powerLimitWatts: 72, memoryMebibytes: 24 * gibibytes },
  {
    name: 'V100',
    pattern: /\bV100\b/i,
    powerLimitWatts: 350,
    memoryMebibytes: 32 * gibibytes,
    variants: [
      { pattern: /\bSXM2\b/i, powerLimitWatts: 300 },
      { pattern: /\bPCIE\b/i, powerLimitWatts: 250 },
      ANY_OTHER,
    ],
  },
  // Product brief PB-08338-001.
  { name: 'P40', pattern: /\bP40\b/i, powerLimitWatts: 250, memoryMebibytes: 24 * gibibytes },
  {
    name: 'T4',
    pattern: /\bT4\b/i,
    powerLimitWatts: 70,
    memoryMebibytes: 32 * gibibytes,
    // Data sheet of the T4; "T4 32GB" is another board.
    variants: [{ pattern: /\bT4$/i, powerLimitWatts: 70 }, ANY_OTHER],
  },
  // Makers sell GeForce boards with up to 50 W more than these, which are NVIDIA's own.
  {
    name: 'RTX 5090',
    pattern: /\bRTX 5090\b(?!.*Laptop)/i,
    powerLimitWatts: 600,
    memoryMebibytes: 32 * gibibytes,
    variants: [{ pattern: /\b5090$/i, powerLimitWatts: 575 }, ANY_OTHER],
  },
  {
    name: 'RTX 4090',
    pattern: /\bRTX 4090\b(?!.*Laptop)/i,
    powerLimitWatts: 500,
    // Boards with twice the memory are sold under the same name.
    memoryMebibytes: 48 * gibibytes,
    variants: [
      { pattern: /\b4090 D$/i, powerLimitWatts: 425 },
      { pattern: /\b4090$/i, powerLimitWatts: 450 },
      ANY_OTHER,
    ],
  },
  {
    name: 'RTX 3090',
    pattern: /\bRTX 3090\b/i,
    powerLimitWatts: 480,
    memoryMebibytes: 24 * gibibytes,
    variants: [
      { pattern: /\b3090 Ti$/i, powerLimitWatts: 450 },
      { pattern: /\b3090$/i, powerLimitWatts: 350 },
      ANY_OTHER,
    ],
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
   * Board power limit of this very model, W; null where it is not known here: a board that no pattern fits, or a slice
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
    const variant = variants?.find(({ pattern }) => pattern.test(bare))
    const boardPowerWatts = variant === undefined ? powerLimitWatts : variant.powerLimitWatts
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
