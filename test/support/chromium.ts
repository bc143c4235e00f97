import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES =
  process.platform === 'win32'
    ? ['chrome.exe', 'msedge.exe', 'chromium.exe']
    : ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const FIXED =
  process.platform === 'darwin'
    ? [
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
      ]
    : []

/** The Chromium to test with: `$CHROMIUM_PATH`, or the first one found on the PATH; null where there is none. */
export function chromiumPath(): string | null {
  const named = process.env['CHROMIUM_PATH']
  if (named !== undefined) return named
  return findExecutable(NAMES) ?? FIXED.find(isExecutable) ?? null
}

/** Full path of the first of `names` that stands on the PATH. */
export function findExecutable(names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable)
    if (found !== undefined) return found
  }
  return null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
