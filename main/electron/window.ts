import { BrowserWindow, screen, type Session, shell } from 'electron'
import { backoffDelay } from '../platform/backoff.ts'
import { isPermissionGranted, mayNavigate, mayOpenExternally, windowOptions } from './security.ts'

const RELOAD = { baseMs: 500, ceilingMs: 60_000, floorMs: 250 } as const
const HEALTHY_AFTER_MS = 60_000
/** How long a page may hang before it is reloaded: longer than any honest pause, shorter than a shift. */
const UNRESPONSIVE_MS = 15_000

/** Denies every permission and device but what security.ts grants. Once per session, before the first window. */
export function lockDown(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(isPermissionGranted(permission, contents.getURL())),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) =>
    isPermissionGranted(permission, origin),
  )
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

export interface WindowOptions {
  readonly preload: string
  readonly startUrl: string
  readonly log: (text: string) => void
}

/** Opens a console window that brings itself back after a crash, a hang or a failed load, with a capped back-off. */
export function openWindow({ preload, startUrl, log }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow(windowOptions(preload, screen.getPrimaryDisplay().workAreaSize))
  const { webContents } = window
  let failures = 0
  let loadedAt = 0
  let hanging: NodeJS.Timeout | null = null
  let pending: NodeJS.Timeout | undefined

  function reload(reason: string): void {
    failures = Date.now() - loadedAt >= HEALTHY_AFTER_MS ? 1 : failures + 1
    const delayMs = Math.round(backoffDelay(failures, RELOAD, Math.random()))
    log(`window: ${reason}; reloading it in ${delayMs} ms (failure ${failures})`)
    clearTimeout(pending)
    pending = setTimeout(load, delayMs)
  }
  function load(): void {
    if (window.isDestroyed()) return
    loadedAt = Date.now()
    window.loadURL(startUrl).catch((error: unknown) => {
      // A load that a later one replaced is no failure.
      if (!window.isDestroyed() && codeOf(error) !== 'ERR_ABORTED') reload(String(error))
    })
  }

  webContents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault()
  })
  webContents.on('will-redirect', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(({ url }) => {
    if (mayOpenExternally(url))
      shell.openExternal(url).catch((error: unknown) => log(`window: ${String(error)}`))
    return { action: 'deny' }
  })
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason !== 'clean-exit') reload(`the page's process is gone (${reason}, code ${exitCode})`)
  })
  window.on('unresponsive', () => {
    hanging ??= setTimeout(() => {
      hanging = null
      // Ends in render-process-gone, which reloads it: a hung page does not answer a polite reload.
      webContents.forcefullyCrashRenderer()
    }, UNRESPONSIVE_MS)
  })
  window.on('responsive', () => {
    if (hanging !== null) clearTimeout(hanging)
    hanging = null
  })
  window.once('ready-to-show', () => window.show())
  window.once('closed', () => {
    clearTimeout(pending)
    if (hanging !== null) clearTimeout(hanging)
  })
  load()
  return window
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

/** Shows a window that is there already to whoever asked for it. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}
