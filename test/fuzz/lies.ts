import { stringifyJson } from '../../shared/metering/json.ts'
import type { Random } from './random.ts'

/** Answers that lie, within every byte limit. Names that are made up begin with `made-up`, and are never the same twice. */

/** Numbers that an exposition may hold, and what none may. */
const NUMBERS = [
  '0',
  '-1',
  'NaN',
  '+Inf',
  '-Inf',
  '1e308',
  '1e-320',
  '9223372036854775807',
  '2147483632',
  '18446744073709551614',
  '4294967295',
  '9'.repeat(200),
]
const NO_NUMBERS = ['0x', '', 'ERROR - FAILED TO CONVERT TO STRING', '3.5e', '--5']
const TEXTS = [
  '',
  '__proto__',
  'constructor',
  '\u202Eevil',
  '\u200b\u200b',
  '<img src=x onerror=alert(1)>',
  'a'.repeat(3000),
  '\\n',
  '\u0000',
  'é\u0301'.repeat(50),
  '../../etc/passwd',
  '${7*7}',
]
const STAMPS = [' 0', ' -1', ' 9999999999999', ' 1000', ' 253402300800000']

let inventions = 0
const invented = (): string => `made-up-${(inventions += 1)}`

const METRICS = [
  'DCGM_FI_DEV_POWER_USAGE',
  'DCGM_FI_DEV_GPU_TEMP',
  'DCGM_FI_PROF_SM_ACTIVE',
  'DCGM_FI_DEV_FB_USED',
  'DCGM_FI_DEV_XID_ERRORS',
  'DCGM_EXP_XID_ERRORS_COUNT',
  'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
  'DCGM_FI_DEV_GPU_UTIL',
]

/** What an exporter of `host` says; eight boards that are real, and whatever else. */
export function exposition(random: Random, host: string): string {
  const lines: string[] = []
  const boards = random.chance(0.1) ? 0 : 8
  for (let gpu = 0; gpu < boards; gpu++) {
    for (const metric of METRICS)
      lines.push(`${metric}{${boardLabels(random, host, gpu)}} ${random.below(90)}`)
  }
  if (random.chance(0.3)) {
    const names = random.pick([1, 20, 400])
    for (let i = 0; i < names; i++)
      lines.push(`${random.pick(METRICS)}{${boardLabels(random, invented(), 0)}} 300`)
  }
  return spoiled(random, lines)
}

const VLLM = [
  'vllm:num_requests_running',
  'vllm:num_requests_waiting',
  'vllm:kv_cache_usage_perc',
  'vllm:prompt_tokens_total',
  'vllm:generation_tokens_total',
  'vllm:request_success_total',
  'vllm:time_to_first_token_seconds_count',
]

export function inference(random: Random): string {
  const lines = VLLM.map((metric) => `${metric}{model_name="m",engine="0"} ${random.below(1e6)}`)
  for (let i = random.below(20); i > 0; i--) {
    const le = random.pick(['0.1', '1', '+Inf', '-1', 'NaN', '1e400', 'x'])
    lines.push(`vllm:time_to_first_token_seconds_bucket{model_name="m",le="${le}"} ${random.below(1000)}`)
  }
  if (random.chance(0.3)) {
    for (let i = random.pick([1, 50, 500]); i > 0; i--)
      lines.push(`${random.pick(VLLM)}{model_name="${invented()}",dp_rank="${random.below(99)}"} 5`)
  }
  return spoiled(random, lines)
}

function boardLabels(random: Random, host: string, gpu: number): string {
  const labels: Record<string, string> = {
    gpu: String(gpu),
    UUID: `GPU-${host}-${gpu}`,
    Hostname: host,
    modelName: 'NVIDIA H100 80GB HBM3',
  }
  if (random.chance(0.03)) delete labels[random.pick(Object.keys(labels))]
  if (random.chance(0.02)) labels['gpu'] = random.pick(['-1', '1024', '99999', 'x', ''])
  if (random.chance(0.02)) labels['UUID'] = invented()
  if (random.chance(0.02)) labels['modelName'] = random.pick(TEXTS)
  if (random.chance(0.05)) labels['GPU_I_ID'] = random.pick(['0', '7', '15', '-1', invented()])
  if (random.chance(0.05)) labels['pod'] = random.pick([...TEXTS, invented()])
  if (random.chance(0.02)) labels['xid'] = random.pick(['79', '48', '-5', '1e9', 'x'])
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
    .join(',')
}

/** Some lines lost, repeated, swapped, with values that cannot be; one in seven is cut off, or no exposition in places. */
function spoiled(random: Random, lines: readonly string[]): string {
  const out: string[] = []
  const malformed = random.chance(0.15)
  for (const line of lines) {
    if (random.chance(0.03)) continue
    const end = line.lastIndexOf(' ')
    const lie = malformed && random.chance(0.3) ? random.pick(NO_NUMBERS) : random.pick(NUMBERS)
    const value = random.chance(0.04) ? lie : line.slice(end + 1)
    const stamp = random.chance(0.02) ? random.pick(STAMPS) : ''
    const said = `${line.slice(0, end)} ${value}${stamp}`
    out.push(said)
    if (random.chance(0.03)) out.push(said)
  }
  if (random.chance(0.1)) out.reverse()
  let body = `${out.join('\n')}\n`
  if (malformed && random.chance(0.3)) body = body.slice(0, random.below(body.length))
  if (malformed && random.chance(0.3)) {
    const at = random.below(body.length)
    body = body.slice(0, at) + random.pick(TEXTS) + body.slice(at)
  }
  return random.chance(0.02) ? random.pick(['', '# HELP a b\n', '<html>', '{}']) : body
}

/** A vector as Prometheus answers it, about one honest host and about whatever else. */
export function vector(random: Random, query: string): string {
  const now = Date.now() / 1000
  const rows: unknown[] = []
  const add = (host: string, gpu: number): void => {
    const metric: Record<string, string> = {
      instance: `${host}:9400`,
      Hostname: host,
      UUID: `GPU-${host}-${gpu}`,
      gpu: String(gpu),
    }
    if (random.chance(0.05)) metric[random.pick(['pod', 'UUID', 'instance', 'GPU_I_ID'])] = random.pick(TEXTS)
    const honest = query.includes('timestamp(') ? now - 1 : 300 + random.below(9)
    // One row that cannot be read spoils its answer, and one answer a refresh of a dozen.
    const lie = random.chance(0.05) ? random.pick(NO_NUMBERS) : random.pick(NUMBERS)
    const value = random.chance(0.02) ? lie : String(honest)
    rows.push({ metric, value: [random.chance(0.01) ? random.pick([0, -1, 1e15]) : now, value] })
  }
  for (let gpu = 0; gpu < 8; gpu++) if (!random.chance(0.03)) add('liar-p', gpu)
  if (random.chance(0.2)) for (let i = random.pick([1, 30, 600]); i > 0; i--) add(invented(), 0)
  const answer: Record<string, unknown> = { status: 'success', data: { resultType: 'vector', result: rows } }
  if (random.chance(0.1)) answer['warnings'] = ['results truncated due to limit']
  if (random.chance(0.05)) answer['isPartial'] = true
  // A refresh asks a dozen questions, and one bad answer spoils it: most have to be good for any to be looked at.
  return spoiledJson(random, answer, 0.01)
}

/** One value of a JSON document replaced by another kind of value, or the text cut off. */
export function spoiledJson(random: Random, document: unknown, share = 0.3): string {
  let text = stringifyJson(document)
  if (random.chance(share)) {
    const values = [...text.matchAll(/:("[^"]*"|-?\d+(?:\.\d+)?|true|false|null)/g)]
    const at = values.length === 0 ? undefined : random.pick(values)
    if (at !== undefined) {
      const other = random.pick([
        'null',
        '-1',
        '1e400',
        '"x"',
        '[]',
        '{}',
        'true',
        '9'.repeat(40),
        '0.5',
        '"9999-12-31T23:59:59Z"',
        JSON.stringify(random.pick(TEXTS)),
      ])
      text = text.slice(0, at.index + 1) + other + text.slice(at.index + at[0].length)
    }
  }
  if (random.chance(share / 10)) text = text.slice(0, random.below(text.length))
  return random.chance(share / 20) ? random.pick(['', '[]', 'null', '<html>']) : text
}

/** What a metering says of usage: honest series, made-up ones, and nonsense. */
export function usage(random: Random): string {
  const point = (t: string): string => {
    const count = () =>
      random.chance(0.03)
        ? random.pick(['-1', '1.5', '"7"', '9'.repeat(40), '1e30', 'null'])
        : String(random.below(1e5))
    return `{"t":"${t}","input":${count()},"output":${count()},"cachedInput":0,"reasoning":0,"requests":${count()},"rejected":0,"errors":0}`
  }
  const series = (tenant: string): string =>
    `{"dims":{"tenant":${JSON.stringify(tenant)},"model":"m"},"points":[${point('{T}')}]}`
  const all = ['team-a', 'team-b'].map(series)
  if (random.chance(0.3)) for (let i = random.pick([1, 50, 1000]); i > 0; i--) all.push(series(invented()))
  if (random.chance(0.1)) all.push(series(random.pick(TEXTS)))
  const text = `{"dataAsOf":"{N}","complete":${random.chance(0.9)},"from":"{F}","to":"{N}","step":{S},"series":[${all.join(',')}]}`
  return random.chance(0.05) ? text.slice(0, random.below(text.length)) : text
}
