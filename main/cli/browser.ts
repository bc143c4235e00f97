import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

export interface BrowserPlaces {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly root: boolean
  readonly isExecutable: (path: string) => boolean
}

export type BrowserPlan =
  /** A window without tabs and address bar, with a profile of its own. */
  | {
      readonly kind: 'app'
      readonly path: string
      readonly args: readonly string[]
      readonly profile: string
    }
  | { readonly kind: 'default'; readonly path: string; readonly args: readonly string[] }
  | { readonly kind: 'none'; readonly why: string }

const ON_PATH = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
]

/**
 * How a browser is opened on `url`; pure but for looking at files.
 *
 * The address stands in the browser's arguments, which other people of this machine can read. Its token works once:
 * whoever is faster leaves the rightful browser with a page that says so.
 */
export function planBrowser(url: string, places: BrowserPlaces): BrowserPlan {
  const { platform, env, root } = places
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY']) {
    return { kind: 'none', why: 'there is no display here' }
  }
  const allowRoot = env['FLOORWATCH_ALLOW_ROOT'] === '1'
  if (platform === 'linux' && root && !allowRoot) {
    return { kind: 'none', why: 'browsers cannot sandbox pages for root' }
  }
  const chromium = findChromium(places)
  if (chromium !== null) {
    const profile = join(cacheFolder(places), 'browser')
    const args = [
      `--app=${url}`,
      `--user-data-dir=${profile}`,
      '--no-first-run',
      '--no-default-browser-check',
      ...(platform === 'linux' && root ? ['--no-sandbox'] : []),
    ]
    return { kind: 'app', path: chromium, args, profile }
  }
  if (platform === 'darwin') return { kind: 'default', path: '/usr/bin/open', args: [url] }
  if (platform === 'win32') {
    const path = join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'rundll32.exe')
    return { kind: 'default', path, args: ['url.dll,FileProtocolHandler', url] }
  }
  const opener = onPath('xdg-open', places)
  return opener === null
    ? { kind: 'none', why: 'no browser was found' }
    : { kind: 'default', path: opener, args: [url] }
}

function findChromium(places: BrowserPlaces): string | null {
  const { platform, env, isExecutable } = places
  if (platform === 'darwin') {
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge']
    return names.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`).find(isExecutable) ?? null
  }
  if (platform === 'win32') {
    const programs = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['LOCALAPPDATA']]
    const names = [
      ['Google', 'Chrome', 'Application', 'chrome.exe'],
      ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
    ]
    const paths = programs.flatMap((folder) => (folder ? names.map((name) => join(folder, ...name)) : []))
    return paths.find(isExecutable) ?? null
  }
  for (const name of ON_PATH) {
    const found = onPath(name, places)
    if (found !== null) return found
  }
  return null
}

function onPath(name: string, { env, isExecutable }: BrowserPlaces): string | null {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null
}

function cacheFolder({ platform, env, home }: BrowserPlaces): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Floorwatch')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Floorwatch')
  return join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'floorwatch')
}

export function browserPlacesHere(): BrowserPlaces {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    root: process.getuid?.() === 0,
    isExecutable(path) {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    },
  }
}

export interface OpenedBrowser {
  /** Ends the window if it is ours; a default browser is the person's own. */
  close(): void
}

/** Opens a browser as planned; `onTrouble` is told in words when it does not start. */
export async function openBrowser(
  plan: Exclude<BrowserPlan, { kind: 'none' }>,
  onTrouble: (why: string) => void,
): Promise<OpenedBrowser> {
  if (plan.kind === 'app') await mkdir(plan.profile, { recursive: true, mode: 0o700 })
  const child: ChildProcess = spawn(plan.path, [...plan.args], { stdio: 'ignore', detached: false })
  child.once('error', (error) => onTrouble(`${plan.path} did not start (${error.message})`))
  child.unref()
  return {
    close() {
      if (plan.kind === 'app' && child.exitCode === null) child.kill()
    },
  }
}
