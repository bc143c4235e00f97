import { boundedText } from '../../core/fleet/text.ts'
import type { InferenceNaming } from './types.ts'

export type Labels = ReadonlyMap<string, string>

/** Where a server runs, from its target's labels. '' where they do not say. */
export interface ServerPlace {
  /** One text for one server on either way, so that a change of ways does not make new servers of them. */
  readonly id: string
  readonly namespace: string
  readonly pod: string
  readonly host: string
  /** `id` of its source, where it is asked itself. */
  readonly source?: string
}

type Held = keyof InferenceNaming['labels']

/** The value of the first label of the site's list that is there and not empty. */
export function held(what: Held, labels: Labels, { labels: names }: Pick<InferenceNaming, 'labels'>): string {
  const name = holder(what, labels, { labels: names })
  return name === null ? '' : boundedText(labels.get(name) ?? '')
}

/** The label that holds it; null where none does. */
export function holder(
  what: Held,
  labels: Labels,
  { labels: names }: Pick<InferenceNaming, 'labels'>,
): string | null {
  return names[what].find((name) => !NAMELESS.has(labels.get(name) ?? '')) ?? null
}

/** TensorRT-LLM fills labels with "undefined" where it was not told the name of its model. */
const NAMELESS: ReadonlySet<string> = new Set(['', 'undefined'])

/** A server's name of a model as the metering has it. */
export function meteredModel(model: string, { models }: Pick<InferenceNaming, 'models'>): string {
  return Object.hasOwn(models, model) ? boundedText(models[model] ?? model) : model
}

/** What servers may call the models that metering names so. */
export function servedModels(
  metered: readonly string[],
  { models }: Pick<InferenceNaming, 'models'>,
): string[] {
  const aliases = Object.entries(models)
    .filter(([, name]) => metered.includes(name))
    .map(([server]) => server)
  return [...new Set([...metered, ...aliases])]
}

/** Where expositions usually are; any other path distinguishes servers behind one address. */
const USUAL_PATHS: ReadonlySet<string> = new Set(['', '/', '/metrics', '/v1/metrics'])

/**
 * @param address the URL that was scraped, where the labels name no `instance`; '' where there is none
 * @param labels of the target
 */
export function placeOf(
  address: string,
  labels: Labels,
  naming: Pick<InferenceNaming, 'labels'>,
): ServerPlace {
  const { host: authority, hostname, port, path } = partsOf(labels.get('instance') || address)
  const namespace = held('namespace', labels, naming)
  const pod = held('pod', labels, naming)
  const cluster = boundedText(labels.get('cluster') ?? '')
  const prefix = cluster === '' ? '' : `${cluster}/`
  const suffix = USUAL_PATHS.has(path) ? '' : path
  // A pod is known by its port on either way; Prometheus does not say the path.
  const own = pod === '' ? authority + suffix : `${namespace}/${pod}:${port}`
  return {
    id: boundedText(`${prefix}${own}`, 256),
    namespace,
    pod,
    host: held('host', labels, naming) || boundedText(hostname),
  }
}

function partsOf(address: string): { host: string; hostname: string; port: string; path: string } {
  const text = address.includes('://') ? address : `http://${address}`
  if (!URL.canParse(text)) return { host: address, hostname: address, port: '', path: '' }
  const url = new URL(text)
  // URL leaves the scheme's own port out, and Prometheus writes it into `instance`.
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  const hostname = url.hostname.replace(/^\[|\]$/g, '')
  return { host: `${url.hostname}:${port}`, hostname, port, path: url.pathname + url.search }
}
