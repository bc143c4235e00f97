import { existsSync } from 'node:fs'
import { chromiumPath, findExecutable } from './chromium.ts'

/** A program that some tests need beside npm packages: where it is, and how to get it. */
export interface Peer {
  readonly name: string
  readonly debianPackages: readonly string[]
  readonly path: () => string | null
  /** For machines where apt is not the way. */
  readonly elsewhere: string
}

const onPath = (name: string) => () => findExecutable([name])

export const PEERS = {
  chromium: {
    name: 'Chromium',
    debianPackages: ['chromium'],
    path: chromiumPath,
    elsewhere: 'install Chrome or Chromium, or set CHROMIUM_PATH',
  },
  prometheus: {
    name: 'Prometheus',
    debianPackages: ['prometheus'],
    path: onPath('prometheus'),
    elsewhere: 'put `prometheus` on the PATH (prometheus.io/download)',
  },
  promtool: {
    name: 'promtool',
    debianPackages: ['prometheus'],
    path: onPath('promtool'),
    elsewhere: 'put `promtool` on the PATH (it comes with Prometheus)',
  },
  alertmanager: {
    name: 'Alertmanager',
    debianPackages: ['prometheus-alertmanager'],
    path: () => findExecutable(['prometheus-alertmanager', 'alertmanager']),
    elsewhere: 'put `alertmanager` on the PATH (prometheus.io/download)',
  },
  victoriaMetrics: {
    name: 'VictoriaMetrics',
    debianPackages: ['victoria-metrics'],
    path: onPath('victoria-metrics'),
    elsewhere: 'put `victoria-metrics` on the PATH',
  },
  openssl: {
    name: 'OpenSSL',
    debianPackages: ['openssl'],
    path: onPath('openssl'),
    elsewhere: 'put `openssl` on the PATH',
  },
  xvfb: {
    name: 'Xvfb',
    debianPackages: ['xvfb', 'xauth'],
    path: onPath('xvfb-run'),
    elsewhere: 'run the tests inside a graphical session',
  },
} as const satisfies Record<string, Peer>
export type PeerName = keyof typeof PEERS

export interface Requirement {
  readonly present: boolean
  readonly path: string
  /** "needs Prometheus: apt-get install -y prometheus"; for `skip(!present, reason)`, so that the tally can name it. */
  readonly reason: string
}

/** Whether a peer is here, with the words for the skip where it is not. */
export function requirement(name: PeerName): Requirement {
  const peer: Peer = PEERS[name]
  const path = peer.path()
  return {
    present: path !== null,
    path: path ?? '',
    reason: `needs ${peer.name}: ${howToGet(peer)}`,
  }
}

export function howToGet(peer: Peer): string {
  return process.platform === 'linux' && findExecutable(['apt-get']) !== null
    ? `apt-get install -y --no-install-recommends ${peer.debianPackages.join(' ')}`
    : peer.elsewhere
}

/** The real scrapes lie beside some checkouts, never in the repository. */
export function realScrapes(): Requirement {
  const path = new URL('../../../shared/data/', import.meta.url).pathname
  return {
    present: existsSync(path),
    path,
    reason: 'needs the folder of real scrapes at ../shared/data beside the checkout',
  }
}

/** An unpacked Electron to test the shell with; the folder that holds the `electron` executable. */
export function electronRuntime(): Requirement {
  const named = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  const own = new URL('../../node_modules/electron/dist/', import.meta.url).pathname
  const executable = process.platform === 'win32' ? 'electron.exe' : 'electron'
  const path = [named, own].find((folder) => folder !== undefined && existsSync(`${folder}/${executable}`))
  return {
    present: path !== undefined && process.platform === 'linux',
    path: path ?? '',
    reason:
      'needs an Electron runtime: set ELECTRON_OVERRIDE_DIST_PATH, or start once where it can be downloaded',
  }
}
