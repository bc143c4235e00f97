import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { mkdirSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** What the build is made from; a change in any of them makes it stale. */
const SOURCES = [
  'shared',
  'main',
  'renderer',
  'package.json',
  'package-lock.json',
  'vite.main.config.ts',
  'vite.renderer.config.ts',
]

/**
 * @param {string} root
 */
export function stampPath(root) {
  return join(root, 'dist', '.stamp')
}

/**
 * Whether dist/ has to be built: it is missing, or something in the sources is newer (also a folder, which a deleted
 * file makes newer). Tests do not count. A few hundred `stat`s, some milliseconds.
 * @param {string} root
 */
export function isStale(root) {
  const built = statSync(stampPath(root), { throwIfNoEntry: false })?.mtimeMs
  if (built === undefined) return true
  return SOURCES.some((source) => isNewer(join(root, source), built))
}

/**
 * @param {string} path
 * @param {number} than ms
 * @returns {boolean}
 */
function isNewer(path, than) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return false
  if (stat.isFile()) return stat.mtimeMs > than
  if (!stat.isDirectory()) return false
  const entries = readdirSync(path, { withFileTypes: true })
  return entries.some((entry) => {
    if (entry.isDirectory()) return entry.name !== '__snapshots__' && isNewer(join(path, entry.name), than)
    if (/\.test\.tsx?$/.test(entry.name)) return false
    return (statSync(join(path, entry.name), { throwIfNoEntry: false })?.mtimeMs ?? 0) > than
  })
}

/**
 * Marks the build as made from what the sources were at `startedAt`: a file that changed while it ran is newer.
 * @param {string} root
 * @param {number} startedAt ms since the epoch
 */
export function stamp(root, startedAt) {
  writeFileSync(stampPath(root), '')
  utimesSync(stampPath(root), startedAt / 1000, startedAt / 1000)
}

/**
 * Lets one process build at a time. A lock of a process that is gone is taken over.
 * @param {string} root
 * @param {() => Promise<void>} work
 */
export async function withBuildLock(root, work) {
  const folder = join(root, 'node_modules', '.cache', 'floorwatch')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'build.lock')
  while (!take(path)) {
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const release = () => rmSync(path, { force: true })
  process.once('exit', release)
  try {
    await work()
  } finally {
    process.removeListener('exit', release)
    release()
  }
}

/**
 * @param {string} path
 */
function take(path) {
  try {
    const file = openSync(path, 'wx')
    writeSync(file, String(process.pid))
    closeSync(file)
    return true
  } catch {
    if (existsSync(path) && !isAlive(Number(read(path)))) rmSync(path, { force: true })
    return false
  }
}

/**
 * @param {string} path
 */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/**
 * @param {number} pid
 */
function isAlive(pid) {
  // An empty lock is one that its owner is just writing.
  if (!(pid > 0)) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
