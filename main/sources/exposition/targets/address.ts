import type { ScrapeTarget } from './target.ts'

const DEFAULT_PATH = '/metrics'
const PARAMETER = '__param_'
/** What Kubernetes discovery says of a pod; without relabelling it comes under these names alone. */
const KUBERNETES: ReadonlyMap<string, string> = new Map([
  ['__meta_kubernetes_namespace', 'namespace'],
  ['__meta_kubernetes_pod_name', 'pod'],
  ['__meta_kubernetes_pod_node_name', 'node'],
])

/**
 * A target from what discovery says of it, after Prometheus' rules. The address is `__address__`, which a label of its
 * group cannot override; `__scheme__`, `__metrics_path__` and `__param_*` make the rest of the URL; other names with two
 * underscores are for relabelling, which Floorwatch has none of (but a pod's names are taken), and what remains are labels.
 * @throws Error with what is wrong with the address
 */
export function targetOf(address: string, labels: ReadonlyMap<string, string>): ScrapeTarget {
  const url = addressUrl(
    address,
    labels.get('__scheme__') ?? 'http',
    labels.get('__metrics_path__') ?? DEFAULT_PATH,
  )
  for (const [name, value] of labels) {
    if (name.startsWith(PARAMETER)) url.searchParams.set(name.slice(PARAMETER.length), value)
  }
  const own = new Map([...labels].filter(([name]) => !name.startsWith('__')))
  for (const [meta, name] of KUBERNETES) {
    const value = labels.get(meta)
    if (value !== undefined && !own.has(name)) own.set(name, value)
  }
  return { url: url.href, name: url.host, labels: own }
}

/** `host:port` or a whole address. */
function addressUrl(text: string, scheme: string, path: string): URL {
  const isWhole = /^https?:\/\//i.test(text)
  if (!isWhole && /[/@?#\s]/.test(text))
    throw new Error(`expected host:port or an http:// address, found "${text.slice(0, 80)}"`)
  const absolutePath = path.startsWith('/') ? path : `/${path}`
  const full = isWhole ? text : `${scheme}://${text}${absolutePath}`
  const url = URL.canParse(full) ? new URL(full) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new Error(`expected host:port or an http:// address, found "${text.slice(0, 80)}"`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error('the address holds a user name or password; put them under `basic`')
  }
  if (isWhole && url.pathname === '/') url.pathname = absolutePath
  return url
}
