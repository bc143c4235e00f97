import type { BrowserWindowConstructorOptions, WebPreferences } from 'electron'

/**
 * The shell's security as data and pure rules, after Electron's own checklist, so that tests need no Electron:
 * a window is sandboxed and isolated, goes nowhere but to the console, opens nothing, and is granted nothing.
 */

/** The console is served from a scheme of its own instead of file://, so that it has an origin and a CSP. */
export const APP_SCHEME = 'floorwatch'
export const APP_ORIGIN = `${APP_SCHEME}://app`

/**
 * Where the console stands instead when Electron was ready before this program ran, so that its scheme came too late
 * (a launcher that loads programs by itself): under a name that no resolver knows (RFC 6761) and no authority certifies,
 * answered inside this process like the scheme.
 */
export const LATE_ORIGIN = 'https://floorwatch.invalid'

const ORIGINS: ReadonlySet<string> = new Set([APP_ORIGIN, LATE_ORIGIN])

/** Whether `url` is a part of the console. */
export function isConsole(url: URL): boolean {
  return ORIGINS.has(`${url.protocol}//${url.host}`)
}

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

/** @param room what the display leaves for windows, in device-independent pixels */
export function windowOptions(
  preload: string,
  room: { width: number; height: number },
): BrowserWindowConstructorOptions {
  return {
    title: 'Floorwatch',
    width: Math.min(1920, room.width),
    height: Math.min(1080, room.height),
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
  return target !== null && isConsole(target)
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
