import { fileURLToPath } from 'node:url'
import parseElsewhere from 'parse-prometheus-text-format'
import { createTargetParser, DEFAULT_SCRAPE_LIMITS } from '../../main/sources/exposition/index.ts'
import { type BenchResult, formatResult } from './result.ts'
import { median } from './statistics.ts'

const SAMPLES = 50_000
const SAMPLES_PER_GPU = 25
const GPUS_PER_HOST = 8
/** Share of the values that differ from one scrape to the next. */
const CHANGED = 0.6
const BODIES = 8
const AIM_COLD = 8
const AIM_STEADY = 20

type Spell = (random: () => number) => string

const integer =
  (from: number, to: number): Spell =>
  (random) =>
    String(Math.floor(from + random() * (to - from)))
const double =
  (from: number, to: number): Spell =>
  (random) =>
    (from + random() * (to - from)).toFixed(6)

/** dcgm-exporter's default list with the usual additions; values as it spells them. `still` ones seldom move. */
const METRICS: readonly { name: string; type: string; help: string; spell: Spell; still?: true }[] = [
  { name: 'DEV_SM_CLOCK', type: 'gauge', help: 'SM clock frequency (in MHz).', spell: integer(345, 1980) },
  {
    name: 'DEV_MEM_CLOCK',
    type: 'gauge',
    help: 'Memory clock frequency (in MHz).',
    spell: integer(2619, 2620),
    still: true,
  },
  { name: 'DEV_MEMORY_TEMP', type: 'gauge', help: 'Memory temperature (in C).', spell: integer(40, 95) },
  { name: 'DEV_GPU_TEMP', type: 'gauge', help: 'GPU temperature (in C).', spell: integer(30, 88) },
  { name: 'DEV_POWER_USAGE', type: 'gauge', help: 'Power draw (in W).', spell: double(68, 700) },
  {
    name: 'DEV_TOTAL_ENERGY_CONSUMPTION',
    type: 'counter',
    help: 'Total energy consumption since boot (in mJ).',
    spell: integer(3e11, 9e11),
  },
  {
    name: 'DEV_PCIE_REPLAY_COUNTER',
    type: 'counter',
    help: 'Total number of PCIe retries.',
    spell: integer(0, 3),
    still: true,
  },
  { name: 'DEV_GPU_UTIL', type: 'gauge', help: 'GPU utilization (in %).', spell: integer(0, 101) },
  { name: 'DEV_MEM_COPY_UTIL', type: 'gauge', help: 'Memory utilization (in %).', spell: integer(0, 101) },
  {
    name: 'DEV_ENC_UTIL',
    type: 'gauge',
    help: 'Encoder utilization (in %).',
    spell: integer(0, 1),
    still: true,
  },
  {
    name: 'DEV_DEC_UTIL',
    type: 'gauge',
    help: 'Decoder utilization (in %).',
    spell: integer(0, 1),
    still: true,
  },
  {
    name: 'DEV_XID_ERRORS',
    type: 'gauge',
    help: 'Value of the last XID error encountered.',
    spell: integer(0, 1),
    still: true,
  },
  {
    name: 'DEV_FB_FREE',
    type: 'gauge',
    help: 'Framebuffer memory free (in MiB).',
    spell: integer(400, 80_000),
  },
  {
    name: 'DEV_FB_USED',
    type: 'gauge',
    help: 'Framebuffer memory used (in MiB).',
    spell: integer(400, 80_000),
  },
  {
    name: 'DEV_FB_RESERVED',
    type: 'gauge',
    help: 'Framebuffer memory reserved (in MiB).',
    spell: integer(470, 471),
    still: true,
  },
  {
    name: 'DEV_UNCORRECTABLE_REMAPPED_ROWS',
    type: 'counter',
    help: 'Number of remapped rows for uncorrectable errors',
    spell: integer(0, 2),
    still: true,
  },
  {
    name: 'DEV_CORRECTABLE_REMAPPED_ROWS',
    type: 'counter',
    help: 'Number of remapped rows for correctable errors',
    spell: integer(0, 2),
    still: true,
  },
  {
    name: 'DEV_ROW_REMAP_FAILURE',
    type: 'gauge',
    help: 'Whether remapping of rows has failed',
    spell: integer(0, 1),
    still: true,
  },
  {
    name: 'DEV_NVLINK_BANDWIDTH_TOTAL',
    type: 'counter',
    help: 'Total number of NVLink bandwidth counters for all lanes.',
    spell: integer(1e9, 9e10),
  },
  {
    name: 'DEV_VGPU_LICENSE_STATUS',
    type: 'gauge',
    help: 'vGPU License status',
    spell: integer(0, 1),
    still: true,
  },
  {
    name: 'PROF_GR_ENGINE_ACTIVE',
    type: 'gauge',
    help: 'Ratio of time the graphics engine is active.',
    spell: double(0, 1),
  },
  {
    name: 'PROF_PIPE_TENSOR_ACTIVE',
    type: 'gauge',
    help: 'Ratio of cycles the tensor (HMMA) pipe is active.',
    spell: double(0, 1),
  },
  {
    name: 'PROF_DRAM_ACTIVE',
    type: 'gauge',
    help: 'Ratio of cycles the device memory interface is active.',
    spell: double(0, 1),
  },
  {
    name: 'PROF_PCIE_TX_BYTES',
    type: 'gauge',
    help: 'The rate of data transmitted over the PCIe bus.',
    spell: integer(1e6, 5e10),
  },
  {
    name: 'PROF_PCIE_RX_BYTES',
    type: 'gauge',
    help: 'The rate of data received over the PCIe bus.',
    spell: integer(1e6, 5e10),
  },
]

/** Scrapes of one target, one after the other: the same series, with a share of the values changed each time. */
function makeBodies(samples: number, count: number): Buffer[] {
  const random = xorshift(0x2545f491)
  const gpus = Math.ceil(samples / SAMPLES_PER_GPU)
  const labels = Array.from({ length: gpus }, (_, gpu) => labelsOf(gpu, random))
  const values = METRICS.map(({ spell }) => labels.map(() => spell(random)))
  // The still metrics hardly count, so the lively ones carry the whole share.
  const lively = METRICS.filter(({ still }) => still !== true).length / METRICS.length
  return Array.from({ length: count }, (_, round) => {
    const parts: string[] = []
    METRICS.forEach(({ name, type, help, spell, still }, m) => {
      parts.push(`# HELP DCGM_FI_${name} ${help}\n# TYPE DCGM_FI_${name} ${type}\n`)
      const column = values[m] as string[]
      labels.forEach((block, gpu) => {
        if (round > 0 && still !== true && random() < CHANGED / lively) column[gpu] = spell(random)
        parts.push(`DCGM_FI_${name}${block} ${column[gpu]}\n`)
      })
    })
    return Buffer.from(parts.join(''))
  })
}

function labelsOf(gpu: number, random: () => number): string {
  const slot = gpu % GPUS_PER_HOST
  const host = String(Math.floor(gpu / GPUS_PER_HOST) + 1).padStart(4, '0')
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
  const uuid = `GPU-${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`
  const pod =
    gpu % 2 === 0 ? `,container="main",namespace="dynamo",pod="vllm-agg-0-decode-${hex(5)}",pod_uid=""` : ''
  return (
    `{gpu="${slot}",UUID="${uuid}",pci_bus_id="00000000:${hex(2)}:00.0",device="nvidia${slot}",` +
    `modelName="NVIDIA H100 80GB HBM3",Hostname="gpu-node-${host}",DCGM_FI_DRIVER_VERSION="580.105.08"${pod}}`
  )
}

/** The same bodies in every run. */
function xorshift(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Median seconds of one call, after two calls that are not counted. */
function secondsOf(runs: number, run: (round: number) => void): number {
  const taken: number[] = []
  for (let round = -2; round < runs; round++) {
    const started = performance.now()
    run(round + 2)
    if (round >= 0) taken.push((performance.now() - started) / 1000)
  }
  return median(taken)
}

/** The parser of DCGM scrapes, cold and steady, beside an npm package that does the same, in the same process. */
export async function benchParser(): Promise<BenchResult> {
  const bodies = makeBodies(SAMPLES, BODIES)
  const body = bodies[0] as Buffer
  const megabytes = body.length / 1e6
  const samples = createTargetParser(DEFAULT_SCRAPE_LIMITS).parse(body).count

  const elsewhere = secondsOf(5, () => {
    parseElsewhere(body.toString('utf8'))
  })
  const cold = secondsOf(20, () => {
    createTargetParser(DEFAULT_SCRAPE_LIMITS).parse(body)
  })
  const parser = createTargetParser(DEFAULT_SCRAPE_LIMITS)
  const steady = secondsOf(40, (round) => {
    parser.parse(bodies[round % bodies.length] as Buffer)
  })
  const still = secondsOf(20, () => {
    parser.parse(body)
  })
  const shifting = createTargetParser(DEFAULT_SCRAPE_LIMITS)
  const missing = bodies.map(withoutOneGpu)
  const changing = secondsOf(20, (round) => {
    shifting.parse(missing[round % missing.length] as Buffer)
  })

  const speed = (seconds: number) =>
    `${(megabytes / seconds).toFixed(0)} MB/s, ${(samples / seconds / 1e6).toFixed(2)} M samples/s`
  const ratio = (seconds: number) => `${(elsewhere / seconds).toFixed(1)}×`
  return {
    title: `Exposition parser, ${samples} samples, ${megabytes.toFixed(1)} MB`,
    rows: [
      { name: 'parse-prometheus-text-format', value: speed(elsewhere) },
      { name: 'cold: a target seen for the first time', value: speed(cold) },
      {
        name: 'cold, against the package',
        value: ratio(cold),
        aim: `≥ ${AIM_COLD}×`,
        reached: elsewhere / cold >= AIM_COLD,
      },
      { name: 'steady: the next scrape of a known target', value: speed(steady) },
      {
        name: 'steady, against the package',
        value: ratio(steady),
        aim: `≥ ${AIM_STEADY}×`,
        reached: elsewhere / steady >= AIM_STEADY,
      },
      { name: 'the same body again (a frozen exporter)', value: speed(still) },
      { name: 'another GPU missing at every scrape', value: speed(changing) },
    ],
    notes: [
      `Generated: ${samples / SAMPLES_PER_GPU} GPUs × ${SAMPLES_PER_GPU} metrics with real names, labels and spellings; steady: about ${(shareChanged(bodies) * 100).toFixed(0)} % of the values differ from the scrape before.`,
      'Medians. The package gets a string that is decoded within its time, as its users have to.',
    ],
  }
}

/** One GPU gone from every metric, another one in each body. */
function withoutOneGpu(body: Buffer, round: number): Buffer {
  const lines = body.toString('latin1').split('\n')
  const sampled = lines.filter((line) => !line.startsWith('#'))[round * 7 + 3] ?? ''
  const uuid = /UUID="[^"]*"/.exec(sampled)?.[0] ?? ''
  return Buffer.from(lines.filter((line) => !line.includes(uuid)).join('\n'), 'latin1')
}

function shareChanged(bodies: readonly Buffer[]): number {
  const [before, after] = [bodies[0], bodies[1]].map((body) => (body?.toString('latin1') ?? '').split('\n'))
  const pairs = (before ?? []).map((line, index) => [line, after?.[index]] as const)
  const samples = pairs.filter(([line]) => line !== '' && !line.startsWith('#'))
  return samples.filter(([line, next]) => line !== next).length / samples.length
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(formatResult(await benchParser()))
