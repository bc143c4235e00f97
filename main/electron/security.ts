import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron'

/**
 * The shell's security as data and pure rules, after Electron's own checklist, so that tests need no Electron:
 * a window is sandboxed and isolated, goes nowhere but to the console, opens nothing, and is granted nothing.
 */

/** The console is served from a scheme of its own instead of file://, so that it has an origin and a CSP. */
export const APP_SCHEME = 'floorwatch'
export const APP_ORIGIN = `${APP_SCHEME}://app`
export const APP_START_URL = `${APP_ORIGIN}/index.html`

/** Privileges of {@link APP_SCHEME}: an ordinary secure origin, without service workers and without bypassing the CSP. */
export const SCHEME_PRIVILEGES = {
  standard: true,
  secure: true,
  supportFetchAPI: true,
  stream: true,
  codeCache: true,
} as const

/** Every preference that matters is named, also where it is Electron's default today. */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    // A wall is often covered or unfocused and must go on painting.
    backgroundThrottling: false,
  }
}

export function windowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    title: 'Floorwatch',
    width: 1920,
    height: 1080,
    minWidth: 1024,
    minHeight: 600,
    show: false,
    autoHideMenuBar: true,
    // The dark ground of the theme, so that the window does not flash white before the first paint.
    backgroundColor: '#14171b',
    webPreferences: webPreferences(preload),
  }
}

/** Whether a frame may go to `url`: only within the console itself. */
export function mayNavigate(url: string): boolean {
  const target = parse(url)
  return target !== null && `${target.protocol}//${target.host}` === APP_ORIGIN
}

/** Whether `url` may be handed to the person's browser: documentation over HTTPS, on hosts that we name. */
const EXTERNAL_HOSTS: ReadonlySet<string> = new Set(['docs.nvidia.com', 'prometheus.io', 'github.com'])

export function mayOpenExternally(url: string): boolean {
  const target = parse(url)
  return (
    target !== null &&
    target.protocol === 'https:' &&
    target.username === '' &&
    target.password === '' &&
    target.port === '' &&
    EXTERNAL_HOSTS.has(target.hostname)
  )
}

/** Chromium permissions that the console needs. It needs none but copying text that the person selected. */
const GRANTED_PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

export function isPermissionGranted(permission: string, requestingUrl: string): boolean {
  return GRANTED_PERMISSIONS.has(permission) && mayNavigate(requestingUrl)
}

/** Whether a message came from the main frame of the console: the only sender that any channel accepts. */
export function isTrustedSender(frame: { url: string; parent: unknown } | null): boolean {
  return frame !== null && frame.parent === null && mayNavigate(frame.url)
}

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null
}
