export const FLAVOURS = ['prometheus', 'victoriametrics', 'thanos', 'mimir', 'unknown'] as const
export type Flavour = (typeof FLAVOURS)[number]

export interface BuildInfo {
  readonly flavour: Flavour
  /** For people: "Prometheus 2.42.0", "VictoriaMetrics". */
  readonly title: string
  /** '' where the back end does not tell. */
  readonly version: string
}

const TITLES: Readonly<Record<Flavour, string>> = {
  prometheus: 'Prometheus',
  victoriametrics: 'VictoriaMetrics',
  thanos: 'Thanos',
  mimir: 'Mimir',
  unknown: 'a Prometheus-compatible back end',
}

/**
 * Who answers, from /api/v1/status/buildinfo. VictoriaMetrics answers `{}` (and later a made-up Prometheus version, but
 * names itself in a header); Mimir names its application; Thanos is still below 1.0, where Prometheus has been since
 * 2016.
 */
export function recogniseFlavour(
  build: { version?: string | undefined; application?: string | undefined },
  header: (name: string) => string | undefined,
): BuildInfo {
  const told = build.version ?? ''
  const flavour = flavourOf(told, build.application ?? '', header)
  // What VictoriaMetrics calls its version is what Grafana wants to hear.
  const version = flavour === 'victoriametrics' ? '' : told
  return { flavour, version, title: version === '' ? TITLES[flavour] : `${TITLES[flavour]} ${version}` }
}

function flavourOf(
  version: string,
  application: string,
  header: (name: string) => string | undefined,
): Flavour {
  if (/mimir|cortex/i.test(application)) return 'mimir'
  if (header('x-server-hostname') !== undefined || (version === '' && application === ''))
    return 'victoriametrics'
  if (/^v?0\./.test(version)) return 'thanos'
  return application === '' || /prometheus/i.test(application) ? 'prometheus' : 'unknown'
}
