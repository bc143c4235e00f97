/**
 * Where the console opens. Pure: all that it depends on is an argument, so that a table can test it.
 *
 * @typedef {object} Circumstances
 * @property {NodeJS.Platform} platform
 * @property {string | null} runtime folder of an Electron that can be started now
 * @property {string | null} override what ELECTRON_OVERRIDE_DIST_PATH says; with `runtime` null it leads nowhere
 * @property {boolean} shellBuilt dist/electron is there
 * @property {boolean} display a window can be shown
 * @property {boolean} root the person is root (never on Windows)
 * @property {boolean} allowRoot FLOORWATCH_ALLOW_ROOT=1
 * @property {boolean} installable the electron package with its installer is there
 * @property {{ at: number, reason: string } | null} lastAttempt of the installer, when it failed, ms since the epoch
 * @property {number} now ms since the epoch
 *
 * @typedef {{ shell: 'electron', runtime: string, noSandbox: boolean }
 *   | { shell: 'install' }
 *   | { shell: 'serve', why: string }} Decision
 */

const RETRY_AFTER_MS = 24 * 3_600_000

/**
 * @param {Circumstances} now
 * @returns {Decision}
 */
export function decideShell(now) {
  if (!now.shellBuilt) return { shell: 'serve', why: 'This build has no desktop shell.' }
  if (!now.display) {
    return {
      shell: 'serve',
      why: 'There is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set).',
    }
  }
  if (now.platform === 'linux' && now.root && !now.allowRoot) {
    return {
      shell: 'serve',
      why: 'A window is not opened for root, because browser engines cannot sandbox pages there; start as another user.',
    }
  }
  if (now.runtime !== null) {
    return { shell: 'electron', runtime: now.runtime, noSandbox: now.platform === 'linux' && now.root }
  }
  if (now.override !== null) {
    return { shell: 'serve', why: `ELECTRON_OVERRIDE_DIST_PATH names ${now.override}, where no Electron is.` }
  }
  if (!now.installable) return { shell: 'serve', why: 'Electron is not installed (npm ci installs it).' }
  const { lastAttempt } = now
  const age = lastAttempt === null ? Number.POSITIVE_INFINITY : now.now - lastAttempt.at
  // An attempt in the future is a clock that was set back, not a reason to wait for it.
  if (lastAttempt !== null && age >= 0 && age < RETRY_AFTER_MS) {
    return { shell: 'serve', why: `Electron could not be downloaded today: ${lastAttempt.reason}.` }
  }
  return { shell: 'install' }
}
