import { spawn } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

/** A name that does not resolve or a host that does not answer in this time is not there. */
const REACH_MS = 800
/** The download is given up when nothing arrived for this long, or after this long altogether. */
const STALL_MS = 10_000
const DEADLINE_MS = 180_000

/**
 * Path of the executable inside an unpacked Electron.
 * @param {NodeJS.Platform} platform
 */
function executableName(platform) {
  if (platform === 'win32') return 'electron.exe'
  return platform === 'darwin' ? join('Electron.app', 'Contents', 'MacOS', 'Electron') : 'electron'
}

/**
 * The executable in an unpacked runtime; null where there is none.
 * @param {string} folder
 */
export function electronIn(folder) {
  const path = join(folder, executableName(process.platform))
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile() ? path : null
  } catch {
    return null
  }
}

/**
 * @param {string} root
 * @returns {{ runtime: string | null, override: string | null, installable: boolean }} `runtime` is the executable
 */
export function findElectron(root) {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'] || null
  const folder = join(root, 'node_modules', 'electron')
  return {
    runtime: electronIn(override ?? join(folder, 'dist')),
    override,
    installable: existsSync(join(folder, 'install.js')),
  }
}

/**
 * @param {string} root
 */
function attemptFile(root) {
  return join(root, 'node_modules', '.cache', 'floorwatch', 'electron-attempt.json')
}

/**
 * @param {string} root
 * @returns {{ at: number, reason: string } | null}
 */
export function lastAttempt(root) {
  try {
    const { at, reason } = JSON.parse(readFileSync(attemptFile(root), 'utf8'))
    return typeof at === 'number' && typeof reason === 'string' ? { at, reason: reason.slice(0, 200) } : null
  } catch {
    return null
  }
}

/**
 * @param {string} root
 * @param {string} reason
 */
function rememberFailure(root, reason) {
  try {
    mkdirSync(join(root, 'node_modules', '.cache', 'floorwatch'), { recursive: true })
    writeFileSync(attemptFile(root), JSON.stringify({ at: Date.now(), reason }))
  } catch {
    // A folder that may not be written to: the next start tries again, which costs a second.
  }
}

/**
 * One try of Electron's own installer: not at all where its host cannot be reached, and given up when it stalls.
 * A failure is remembered, so that the next start is immediate.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<{ runtime: string } | { why: string }>}
 */
export async function installElectron(root, say) {
  const reason = (isCached(root) ? null : await whyUnreachable()) ?? (await runInstaller(root, say))
  const { runtime } = findElectron(root)
  if (reason === null && runtime !== null) return { runtime }
  const why = reason ?? 'its installer ended without a runtime'
  rememberFailure(root, why)
  return { why: `Electron could not be downloaded: ${why}.` }
}

/** Where the installer goes, by its own rules for mirrors and proxies. */
function downloadHost() {
  const { env } = process
  const proxy = env['ELECTRON_GET_USE_PROXY'] ? (env['HTTPS_PROXY'] ?? env['https_proxy']) : undefined
  const mirror =
    env['npm_config_electron_mirror'] ||
    env['NPM_CONFIG_ELECTRON_MIRROR'] ||
    env['ELECTRON_MIRROR'] ||
    undefined
  return URL.parse(proxy ?? mirror ?? 'https://github.com/')
}

async function whyUnreachable() {
  const url = downloadHost()
  if (url === null) return 'ELECTRON_MIRROR is no address'
  const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const late = new Promise((resolve) => setTimeout(resolve, REACH_MS, 'late').unref())
  try {
    const found = await Promise.race([lookup(host), late])
    if (found === 'late') return `${host} was not found in time`
  } catch {
    return `${host} is not known here`
  }
  /** @type {Promise<string | null>} */
  const reached = new Promise((resolve) => {
    const socket = connect({ host, port, timeout: REACH_MS })
    const settle = (/** @type {string | null} */ outcome) => {
      socket.destroy()
      resolve(outcome)
    }
    socket.once('connect', () => settle(null))
    socket.once('timeout', () => settle(`${host} does not answer`))
    socket.once('error', () => settle(`${host} cannot be reached`))
  })
  return reached
}

/**
 * Whether the installer has its archive already and needs no network.
 * @param {string} root
 */
function isCached(root) {
  const cache =
    process.env['electron_config_cache'] ??
    {
      win32: join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'electron', 'Cache'),
      darwin: join(homedir(), 'Library', 'Caches', 'electron'),
    }[/** @type {string} */ (process.platform)] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'electron')
  try {
    const { version } = JSON.parse(
      readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8'),
    )
    const archive = `electron-v${version}-${process.platform}-${process.arch}.zip`
    return readdirSync(cache).some((folder) => existsSync(join(cache, folder, archive)))
  } catch {
    return false
  }
}

/**
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>} why it failed, null where it did not
 */
function runInstaller(root, say) {
  say('Downloading Electron once (about 110 MB) ...')
  // A folder of its own for what arrives, so that progress can be seen from outside.
  const base = join(root, 'node_modules', '.cache', 'floorwatch')
  mkdirSync(base, { recursive: true })
  const folder = mkdtempSync(join(base, 'download-'))
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder, ELECTRON_GET_NO_PROGRESS: '1' },
    })
    let errors = ''
    child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      errors = (errors + text).slice(0, 4000)
    })
    const startedAt = performance.now()
    let size = 0
    let movedAt = startedAt
    /** @type {string | null} */
    let gaveUp = null
    const watch = setInterval(() => {
      const now = performance.now()
      const arrived = sizeOf(folder)
      if (arrived !== size) movedAt = now
      size = arrived
      if (now - movedAt > STALL_MS) gaveUp = `nothing arrived for ${STALL_MS / 1000} s`
      else if (now - startedAt > DEADLINE_MS) gaveUp = `it took longer than ${DEADLINE_MS / 60_000} minutes`
      if (gaveUp !== null) child.kill()
    }, 500)
    const stop = () => void child.kill()
    process.once('exit', stop)
    const settle = (/** @type {string | null} */ outcome) => {
      clearInterval(watch)
      process.removeListener('exit', stop)
      rmSync(folder, { recursive: true, force: true })
      resolve(outcome)
    }
    child.once('error', (error) => settle(error.message))
    child.once('exit', (code) => settle(code === 0 ? null : (gaveUp ?? firstLine(errors))))
  })
}

/**
 * @param {string} folder
 * @returns {number} bytes
 */
function sizeOf(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
  } catch {
    return 0
  }
}

/**
 * @param {string} text
 */
function firstLine(text) {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? 'its installer failed'
  return line.trim().replace(/\.$/, '').slice(0, 160)
}
