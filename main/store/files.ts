import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { UnsafePathError } from '../platform/ownFolder.ts'

/**
 * Makes a folder that only this user may look into, or closes one of theirs to others.
 * @throws UnsafePathError where it is a link, no folder, or another user's
 */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const found = lstatSync(path)
  if (!found.isDirectory()) throw new UnsafePathError(`${path} is not a folder. Name another one.`)
  const own = process.getuid?.()
  if (own !== undefined && found.uid !== own)
    throw new UnsafePathError(`${path} belongs to another user. Name a folder of your own.`)
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700)
}

/** Makes a file that only this user may read; SQLite gives its log the same rights. A link is not followed. */
export function touchPrivately(path: string): void {
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)
  closeSync(openSync(path, flags, 0o600))
  if (process.getuid?.() !== undefined) chmodSync(path, 0o600)
}

/** What belongs to one database: the file, its log, and the index of the log. */
const PARTS = ['', '-wal', '-shm'] as const

/**
 * Renames a database that cannot be used, log included, so that nothing in it is lost to whoever can read it.
 * @returns its new path
 */
export function putAside(path: string, now: number): string {
  const stamp = fileStamp(now)
  let aside = `${path}.broken-${stamp}`
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.broken-${stamp}-${n}`
  for (const part of PARTS) {
    if (existsSync(path + part)) renameSync(path + part, aside + part)
  }
  return aside
}

/** "20261201T031500Z": sorts by time, and is a name on every file system. */
export function fileStamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
}

/** The content of a file, and its name in its folder, reach the disk. Where a folder cannot be opened they do by themselves. */
export function reachDisk(path: string): void {
  for (const each of [path, dirname(path)]) {
    let fd: number
    try {
      fd = openSync(each, 'r')
    } catch {
      continue
    }
    try {
      fsyncSync(fd)
    } catch {
      // Windows flushes no folder and no file opened for reading.
    } finally {
      closeSync(fd)
    }
  }
}

/** Removes all but the newest files of a folder, by name. */
export function keepNewest(folder: string, belongs: RegExp, keep: number): void {
  const names = readdirSync(folder)
    .filter((name) => belongs.test(name))
    .toSorted()
  for (const name of names.slice(0, Math.max(0, names.length - keep)))
    rmSync(join(folder, name), { force: true })
}
