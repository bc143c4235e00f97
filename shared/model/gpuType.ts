/** GPU types: how a `modelName` label becomes a short type, and the bounds that make a reading plausible. */
export interface GpuType {
  readonly name: string
  /** Matches dcgm-exporter's `modelName`, which differs by board and driver ("NVIDIA H100 80GB HBM3"). */
  readonly pattern: RegExp
  /** Board power limit in W and memory in MiB, from NVIDIA's data sheets; the largest variant of the type. */
  readonly powerLimitWatts: number
  readonly memoryMebibytes: number
}

export const GPU_TYPES: readonly GpuType[] = [
  { name: 'GB300', pattern: /\bGB300\b/i, powerLimitWatts: 1400, memoryMebibytes: 288 * 1024 },
  { name: 'GB200', pattern: /\bGB200\b/i, powerLimitWatts: 1200, memoryMebibytes: 192 * 1024 },
  { name: 'B300', pattern: /\bB300\b/i, powerLimitWatts: 1400, memoryMebibytes: 288 * 1024 },
  { name: 'B200', pattern: /\bB200\b/i, powerLimitWatts: 1000, memoryMebibytes: 192 * 1024 },
  { name: 'GH200', pattern: /\bGH200\b/i, powerLimitWatts: 1000, memoryMebibytes: 144 * 1024 },
  { name: 'H200', pattern: /\bH200\b/i, powerLimitWatts: 700, memoryMebibytes: 141 * 1024 },
  { name: 'H100', pattern: /\bH100\b/i, powerLimitWatts: 700, memoryMebibytes: 96 * 1024 },
  { name: 'H20', pattern: /\bH20\b/i, powerLimitWatts: 500, memoryMebibytes: 96 * 1024 },
  { name: 'A100', pattern: /\bA100\b/i, powerLimitWatts: 500, memoryMebibytes: 80 * 1024 },
  { name: 'L40S', pattern: /\bL40S\b/i, powerLimitWatts: 350, memoryMebibytes: 48 * 1024 },
  { name: 'L40', pattern: /\bL40\b/i, powerLimitWatts: 300, memoryMebibytes: 48 * 1024 },
  { name: 'L4', pattern: /\bL4\b/i, powerLimitWatts: 72, memoryMebibytes: 24 * 1024 },
  { name: 'T4', pattern: /\bT4\b/i, powerLimitWatts: 70, memoryMebibytes: 16 * 1024 },
]

/** A board that no pattern knows keeps its own model name as its type and gets the widest bounds known. */
const WIDEST = { powerLimitWatts: 2000, memoryMebibytes: 512 * 1024 }

type Found = Omit<GpuType, 'pattern'>

/** What names were found to be: they are asked for every GPU of the floor several times a second. */
const found = new Map<string, Found>()
/** More names than any floor has; names are untrusted text. */
const MOST_FOUND = 256

export function gpuTypeOf(modelName: string): Found {
  const before = found.get(modelName)
  if (before) return before
  const type = find(modelName)
  if (found.size >= MOST_FOUND) found.clear()
  found.set(modelName, type)
  return type
}

function find(modelName: string): Found {
  const known = GPU_TYPES.find((type) => type.pattern.test(modelName))
  if (known) return known
  const name = modelName.replace(/^NVIDIA\s+/i, '').trim()
  return { name: name === '' ? 'unknown type' : name, ...WIDEST }
}
