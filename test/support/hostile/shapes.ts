/**
 * What a source within its byte limit can send to do harm. Each makes its `round`-th answer; names that are made up are
 * others in every round.
 */
export interface Shape {
  readonly id: string
  /** What it does, for the table. */
  readonly title: string
  readonly kind: 'exporter' | 'inference' | 'metering' | 'prometheus'
  /** The body of an answer; of a Prometheus its rows, as label texts without braces. */
  readonly body: (round: number) => string
}

const MEBIBYTE = 1024 * 1024

/** Dozens of names a host are real; these are many. */
const MANY = 60_000

function lines(count: number, line: (i: number) => string): string {
  return `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`
}

const board = (labels: string, value = 300): string => `DCGM_FI_DEV_POWER_USAGE{${labels}} ${value}`

/** Lines until about this many bytes have come together. */
function upTo(bytes: number, line: (i: number) => string): string {
  const all: string[] = []
  for (let size = 0, i = 0; size < bytes; i++) {
    const text = line(i)
    size += text.length + 1
    all.push(text)
  }
  return `${all.join('\n')}\n`
}

const EXPORTERS: readonly Omit<Shape, 'kind'>[] = [
  {
    id: 'unnumbered',
    title: 'one Hostname, 5,000 UUIDs, no gpu label',
    body: (round) => lines(5000, (i) => board(`UUID="GPU-${i}",Hostname="x-1"`, 300 + round)),
  },
  {
    id: 'hosts',
    title: '60,000 new hosts per scrape',
    body: (round) => lines(MANY, (i) => board(`gpu="0",UUID="GPU-${round}-${i}",Hostname="x-${round}-${i}"`)),
  },
  {
    id: 'uuids',
    title: 'another UUID in every slot, 60,000 per scrape',
    body: (round) => lines(MANY, (i) => board(`gpu="${i % 128}",UUID="GPU-${round}-${i}",Hostname="x-1"`)),
  },
  {
    id: 'instances',
    title: '60,000 new MIG ids per scrape',
    body: (round) =>
      lines(MANY, (i) => board(`gpu="${i % 8}",UUID="GPU-${i % 8}",Hostname="x-1",GPU_I_ID="${round}-${i}"`)),
  },
  {
    id: 'pods',
    title: '60,000 new pods and models per scrape',
    body: (round) =>
      lines(MANY, (i) =>
        board(
          `gpu="${i % 128}",UUID="GPU-${i % 128}",Hostname="x-1",modelName="M ${round} ${i}",namespace="n",pod="p-${round}-${i}"`,
        ),
      ),
  },
  {
    id: 'samples',
    title: '200,000 samples, all of them new',
    body: (round) => lines(199_000, (i) => `x_${i % 100}{a="${round}-${i}",Hostname="x-1",gpu="1"} ${i}`),
  },
  {
    id: 'labels',
    title: '31 MiB of labels of 4,000 characters',
    body: (round) =>
      upTo(31 * MEBIBYTE, (i) =>
        board(`gpu="0",UUID="GPU-${round}-${i}",Hostname="${String(round * 1e6 + i).padEnd(4000, 'h')}"`),
      ),
  },
  {
    id: 'comments',
    title: '31 MiB of comments',
    body: (round) => upTo(31 * MEBIBYTE, (i) => `# HELP x_${round}_${i} a text that is never read`),
  },
  {
    id: 'garbage',
    title: '31 MiB of lines that are no samples',
    body: (round) =>
      `${board('gpu="0",UUID="GPU-0",Hostname="x-1"')}\n${upTo(31 * MEBIBYTE, (i) => `x{a="${round}-${i}"} ERROR - FAILED TO CONVERT TO STRING`)}`,
  },
]

const INFERENCE: readonly Omit<Shape, 'kind'>[] = [
  {
    id: 'models',
    title: '60,000 new models per scrape of an inference server',
    body: (round) =>
      lines(
        MANY,
        (i) => `vllm:generation_tokens_total{engine="0",model_name="m-${round}-${i}"} ${round * 1000 + i}`,
      ),
  },
  {
    id: 'buckets',
    title: '150,000 buckets of other bounds per scrape of an inference server',
    body: (round) =>
      lines(
        150_000,
        (i) => `vllm:time_to_first_token_seconds_bucket{model_name="m",le="${i}.${round}"} ${i * round}`,
      ),
  },
]

/** `{T}` stands for instants of the question, which the server puts in. */
const METERING: readonly Omit<Shape, 'kind'>[] = [
  {
    id: 'tenants',
    title: '60,000 new tenants per answer of the metering',
    body: (round) =>
      usage(Array.from({ length: MANY }, (_, i) => series(`t-${round}-${i}`, `m-${i % 40}`, '1000'))),
  },
  {
    id: 'digits',
    title: 'an integer of 60 million digits in the metering',
    body: () => usage([series('t', 'm', '9'.repeat(60_000_000))]),
  },
  {
    id: 'integers',
    title: '400,000 integers of a hundred digits in the metering',
    body: () =>
      usage(
        Array.from({ length: 100_000 }, (_, i) => series(`t-${i}`, 'm', '9'.repeat(100), '9'.repeat(100))),
      ),
  },
]

function series(tenant: string, model: string, input: string, output = '10'): string {
  return `{"dims":{"tenant":"${tenant}","model":"${model}"},"points":[{"t":"{T}","input":${input},"output":${output},"cachedInput":0,"reasoning":0,"requests":1,"rejected":0,"errors":0}]}`
}

function usage(all: readonly string[]): string {
  return `{"dataAsOf":"{N}","complete":true,"from":"{F}","to":"{N}","step":{S},"series":[${all.join(',')}]}`
}

const PROMETHEUS: readonly Omit<Shape, 'kind'>[] = [
  {
    id: 'targets',
    title: 'a Prometheus with 60,000 new targets per answer',
    body: (round) =>
      lines(
        MANY,
        (i) =>
          `"instance":"x-${round}-${i}:9400","Hostname":"x-${round}-${i}","UUID":"GPU-x-${round}-${i}","gpu":"0"`,
      ),
  },
  {
    id: 'thousands',
    title: 'a Prometheus with 20,000 new targets per answer, as many as a floor may have',
    body: (round) =>
      lines(
        20_000,
        (i) =>
          `"instance":"x-${round}-${i}:9400","Hostname":"x-${round}-${i}","UUID":"GPU-x-${round}-${i}","gpu":"0"`,
      ),
  },
  {
    id: 'federated',
    title: 'a Prometheus with 60,000 GPUs under one target',
    body: () =>
      lines(
        MANY,
        (i) =>
          `"instance":"other:9090","Hostname":"x-${i >> 3}","UUID":"GPU-x-${i >> 3}-${i & 7}","gpu":"${i & 7}"`,
      ),
  },
  {
    id: 'texts',
    title: 'a Prometheus with 16 MiB of labels of 4,000 characters per answer',
    body: (round) =>
      upTo(
        16 * MEBIBYTE,
        (i) =>
          `"instance":"x-${round}-${i}:9400","UUID":"GPU-x-${round}-${i}","Hostname":"${'h'.repeat(4000)}"`,
      ),
  },
]

export const SHAPES: readonly Shape[] = [
  ...EXPORTERS.map((shape) => ({ ...shape, kind: 'exporter' as const })),
  ...INFERENCE.map((shape) => ({ ...shape, kind: 'inference' as const })),
  ...METERING.map((shape) => ({ ...shape, kind: 'metering' as const })),
  ...PROMETHEUS.map((shape) => ({ ...shape, kind: 'prometheus' as const })),
]
