import type { Labels } from './identity.ts'
import { boundedText } from '../text.ts'

/**
 * Which machine a series is of. No label is to be trusted alone: exporters call every machine localhost (#572), or name
 * their pod, which is another one after each rollout; labels of discovery and the address say what the exporter does not.
 */
export const DEFAULT_HOST_LABELS: readonly string[] = [
  // `Hostname` until 2026-05, `hostname` since (#655).
  'Hostname',
  'hostname',
  'node',
  'kubernetes_node',
]

/** What is known beside the labels of the series. */
export interface Surroundings {
  /** Labels that discovery gives the target. */
  readonly target: Labels
  /** Name of the source, its address where nothing better is known. */
  readonly source: string
  /** Labels that name the machine, the most trusted one first. */
  readonly hostLabels: readonly string[]
  /** The inventory lists a machine of this name. */
  readonly isListed: (name: string) => boolean
}

export interface HostName {
  /** '' where nothing names the machine. */
  readonly name: string
  /** A label whose value cannot be the name of a machine, as "Hostname=localhost"; null where there is none. */
  readonly wrong: string | null
  /** The name is the address: nothing else names the machine. */
  readonly byAddress: boolean
  /** The name is an address or the pod of an exporter: another one tomorrow. */
  readonly weak: boolean
}

/** The first label, or else the address, that names a listed machine; else the first that can be a name; else the address. */
export function hostNameOf(labels: Labels, surroundings: Surroundings): HostName {
  const { target, source, hostLabels, isListed } = surroundings
  let wrong: string | null = null
  let podName = ''
  let first = ''
  for (const label of hostLabels) {
    const value = boundedText(labels.get(label) || target.get(label) || '')
    if (value === '') continue
    if (isNoName(value)) {
      wrong ??= `${label}=${value}`
      continue
    }
    if (isListed(value)) return { name: value, wrong, byAddress: false, weak: false }
    if (EXPORTER_POD.test(value)) podName ||= value
    else first ||= value
  }
  const address = addressName(addressOf(labels, target, source))
  if (address !== '' && isListed(address)) return { name: address, wrong, byAddress: false, weak: false }
  if (first !== '') return { name: first, wrong, byAddress: false, weak: false }
  // A pod's name is better than none: after a rollout the machine is known again by its GPUs.
  if (podName !== '') return { name: podName, wrong, byAddress: false, weak: true }
  return { name: address, wrong, byAddress: true, weak: true }
}

/**
 * Where the exporter answers: the address that was scraped, before any federation (`exported_instance`), else the name of
 * the source.
 */
export function addressOf(labels: Labels, target: Labels, source: string): string {
  return boundedText(
    labels.get('exported_instance') || labels.get('instance') || target.get('instance') || source,
  )
}

const NO_NAMES =
  /^(?:localhost(?:\..*)?|localhost\d*|127(?:\.\d+){3}|0\.0\.0\.0|::1?|\(none\)|none|null|unknown)$/i
/** "nvidia-dcgm-exporter-7xk2p": what Hostname says where NODE_NAME is not set for a pod. */
const EXPORTER_POD = /(?:^|-)dcgm-exporter-[a-z0-9-]+$/

/** A name that any machine gives itself is none. */
export function isNoName(name: string): boolean {
  return NO_NAMES.test(name)
}

/**
 * `10.0.0.1:9400` → `10.0.0.1`, `[fe80::2]:9400` → `fe80::2`, a URL → its host. On this very machine the port is all that
 * distinguishes targets, so it stays.
 */
export function addressName(address: string): string {
  const authority = address.includes('://') && URL.canParse(address) ? new URL(address).host : address
  const [, bracketed] = /^\[([^\]]+)\]/.exec(authority) ?? []
  const bare = bracketed ?? (/^[^:]+:\d+$/.test(authority) ? authority.replace(/:\d+$/, '') : authority)
  return isNoName(bare) ? authority : bare
}
