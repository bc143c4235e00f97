import type { DeploymentSpec } from '../factory/catalogue.ts'
import { nimFamilies } from './nim.ts'
import { createSheet, type Sheet } from './sheet.ts'
import { vllmFamilies } from './vllm.ts'

export type Engine = 'vllm' | 'nim'

/** Models that are served by NIM, with the names that NIM gives them; every other one is served by vLLM. */
const NIM_NAMES: Readonly<Record<string, string>> = {
  'llama-4-maverick': 'meta/llama-4-maverick-17b-128e-instruct',
  'llama-3.2-3b': 'meta/llama-3.2-3b-instruct',
}
/** Models that vLLM serves under the name of their repository, because no other was set. */
const VLLM_NAMES: Readonly<Record<string, string>> = {
  'deepseek-r1': 'deepseek-ai/DeepSeek-R1',
}

/** How one deployment's servers speak. */
export interface Face {
  readonly engine: Engine
  /** Path of the metrics on a server of its own. */
  readonly path: string
  readonly sheet: () => Sheet
}

export function faceOf(spec: DeploymentSpec): Face {
  const nim = NIM_NAMES[spec.model]
  if (nim !== undefined) {
    return { engine: 'nim', path: '/v1/metrics', sheet: once(() => createSheet(nimFamilies(nim))) }
  }
  const name = VLLM_NAMES[spec.model] ?? spec.model
  const families = () => vllmFamilies(name, handlerOf(spec.endpoint))
  return { engine: 'vllm', path: '/metrics', sheet: once(() => createSheet(families())) }
}

/** Made at the first scrape: a start need not wait for what has not been asked for. */
function once(make: () => Sheet): () => Sheet {
  let made: Sheet | null = null
  return () => (made ??= make())
}

/** For `inference.models` of floorwatch.yaml: what servers call a model, and what the metering calls it. */
export function modelNames(specs: readonly DeploymentSpec[]): Record<string, string> {
  const served = new Set(specs.filter(({ kind }) => kind === 'serving').map(({ model }) => model))
  const pairs = Object.entries({ ...NIM_NAMES, ...VLLM_NAMES }).filter(([model]) => served.has(model))
  return Object.fromEntries(pairs.map(([model, name]) => [name, model]))
}

function handlerOf(endpoint: string): string {
  if (endpoint === 'embeddings') return '/v1/embeddings'
  return endpoint === 'speech' ? '/v1/audio/transcriptions' : '/v1/chat/completions'
}
