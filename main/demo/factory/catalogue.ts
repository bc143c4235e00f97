import type { BoardName } from './boards.ts'

/** How hard a workload drives a board at full load: ratios 0–1 as DCGM's profiling fields report them. */
export interface Character {
  readonly sm: number
  readonly tensor: number
  readonly dram: number
  /** Share of the board's NVLink rate. */
  readonly nvlink: number
  /** Bytes per second over PCIe, host to board. */
  readonly pcie: number
  /** Share of the frame buffer that it holds while it runs. */
  readonly memory: number
}

const dense: Character = { sm: 0.78, tensor: 0.34, dram: 0.66, nvlink: 0.22, pcie: 4.2e8, memory: 0.9 }
const sparse: Character = { sm: 0.66, tensor: 0.24, dram: 0.74, nvlink: 0.3, pcie: 5.1e8, memory: 0.92 }
const small: Character = { sm: 0.7, tensor: 0.3, dram: 0.52, nvlink: 0, pcie: 2.6e8, memory: 0.6 }
const training: Character = { sm: 0.94, tensor: 0.57, dram: 0.5, nvlink: 0.62, pcie: 1.9e9, memory: 0.94 }

/** One workload of one tenant: pods of one model behind one endpoint, on one pool of boards. */
export interface DeploymentSpec {
  readonly tenant: string
  readonly model: string
  readonly endpoint: string
  readonly container: string
  readonly kind: 'serving' | 'training'
  readonly gpusPerPod: number
  /** Part of the pool in relation to the others. */
  readonly share: number
  /** Tokens per second per board in relation to `Board.tokensPerSecond`. */
  readonly speed: number
  /** Demand at the daily peak in relation to what the pods can serve. */
  readonly peak: number
  /** Demand at night in relation to the peak; 1 has no rhythm. */
  readonly night: number
  /** Local hour of the peak, and what remains at the weekend. */
  readonly peakHour: number
  readonly weekend: number
  /** Seconds between bursts, their coefficient of variation, and the Pareto exponent of their size. */
  readonly burst: { readonly every: number; readonly variation: number; readonly alpha: number }
  readonly character: Character
}

const calm = { every: 900, variation: 1.1, alpha: 3 }
const lively = { every: 300, variation: 1.2, alpha: 2.2 }
const bursty = { every: 150, variation: 2.6, alpha: 1.5 }

const serving = {
  container: 'vllm',
  kind: 'serving',
  speed: 1,
  night: 0.3,
  peakHour: 14.5,
  weekend: 0.6,
  burst: lively,
  character: dense,
} as const

const job = {
  container: 'trainer',
  kind: 'training',
  endpoint: 'train',
  gpusPerPod: 8,
  speed: 1,
  peak: 0.97,
  night: 1,
  peakHour: 12,
  weekend: 1,
  burst: calm,
  character: training,
} as const

/** A part of a pool that stands idle on purpose: capacity for a failed rack. */
export interface Pool {
  readonly deployments: readonly DeploymentSpec[]
  readonly spareShare: number
}

/**
 * Who runs what. "meridian" is the tenant that is half of all demand (in ServeGen's traces the largest client makes
 * 52 % of the requests) and the most bursty one.
 */
export const POOLS: Readonly<Record<BoardName, Pool>> = {
  H100: {
    spareShare: 1,
    deployments: [
      {
        ...serving,
        tenant: 'meridian',
        model: 'llama-3.3-70b',
        endpoint: 'chat',
        gpusPerPod: 4,
        share: 5,
        peak: 0.72,
        night: 0.42,
        peakHour: 20,
        weekend: 1,
        burst: bursty,
      },
      { ...job, tenant: 'atlas-research', model: 'atlas-34b-pretrain', share: 4 },
      {
        ...serving,
        tenant: 'helios-dev',
        model: 'qwen3-coder-30b',
        endpoint: 'code',
        gpusPerPod: 2,
        share: 2.5,
        speed: 2.1,
        peak: 0.74,
        night: 0.12,
        peakHour: 15,
        weekend: 0.2,
        character: { ...dense, tensor: 0.42 },
      },
      {
        ...serving,
        tenant: 'lumen-legal',
        model: 'gpt-oss-120b',
        endpoint: 'documents',
        gpusPerPod: 4,
        share: 1.5,
        peak: 0.6,
        night: 0.08,
        peakHour: 11,
        weekend: 0.15,
        burst: calm,
        character: sparse,
      },
    ],
  },
  H200: {
    spareShare: 1,
    deployments: [
      {
        ...serving,
        tenant: 'meridian',
        model: 'deepseek-r1',
        endpoint: 'reasoning',
        gpusPerPod: 8,
        share: 3.5,
        speed: 0.6,
        peak: 0.72,
        night: 0.5,
        peakHour: 19,
        weekend: 1,
        burst: bursty,
        character: sparse,
      },
      {
        ...serving,
        tenant: 'borealis-agents',
        model: 'mixtral-8x22b',
        endpoint: 'agents',
        gpusPerPod: 4,
        share: 3,
        speed: 0.9,
        peak: 0.7,
        character: sparse,
      },
      {
        ...serving,
        tenant: 'orchid-health',
        model: 'qwen3-235b',
        endpoint: 'batch',
        gpusPerPod: 8,
        share: 1.5,
        speed: 0.5,
        peak: 0.78,
        night: 0.2,
        peakHour: 2,
        weekend: 1,
        burst: calm,
        character: { ...dense, sm: 0.86, tensor: 0.46 },
      },
    ],
  },
  B200: {
    spareShare: 0,
    deployments: [
      { ...job, tenant: 'atlas-research', model: 'atlas-400b-pretrain', share: 3 },
      {
        ...serving,
        tenant: 'vega-media',
        model: 'llama-4-maverick',
        endpoint: 'chat',
        gpusPerPod: 8,
        share: 2,
        speed: 0.7,
        peak: 0.74,
        peakHour: 21,
        weekend: 1.1,
        character: sparse,
      },
      {
        ...serving,
        tenant: 'borealis-agents',
        model: 'gpt-oss-120b',
        endpoint: 'tools',
        gpusPerPod: 2,
        share: 1,
        peak: 0.65,
        character: sparse,
      },
    ],
  },
  A100: {
    spareShare: 0.5,
    deployments: [
      {
        ...serving,
        tenant: 'orchid-health',
        model: 'bge-m3',
        endpoint: 'embeddings',
        gpusPerPod: 1,
        share: 1.5,
        speed: 6,
        peak: 0.75,
        character: small,
      },
      {
        ...serving,
        tenant: 'kestrel-voice',
        model: 'whisper-large-v3',
        endpoint: 'speech',
        gpusPerPod: 1,
        share: 1,
        speed: 1.5,
        peak: 0.7,
        night: 0.15,
        peakHour: 10.5,
        weekend: 0.3,
        character: { ...small, dram: 0.38, memory: 0.45 },
      },
    ],
  },
}

/** What runs on MIG instances, one pod on each, in turn. */
export const MIG_POOL: readonly DeploymentSpec[] = [
  {
    ...serving,
    tenant: 'kestrel-voice',
    model: 'llama-3.2-3b',
    endpoint: 'assist',
    gpusPerPod: 1,
    share: 1,
    speed: 3,
    peak: 0.74,
    character: small,
  },
  {
    ...serving,
    tenant: 'sandbox',
    model: 'qwen3-4b',
    endpoint: 'notebooks',
    gpusPerPod: 1,
    share: 1,
    speed: 3,
    peak: 0.45,
    night: 0.05,
    weekend: 0.25,
    burst: bursty,
    character: { ...small, memory: 0.4 },
  },
]
