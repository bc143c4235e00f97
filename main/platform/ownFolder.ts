import { constants, type Stats } from 'node:fs'
import { lstat, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join, parse, resolve, sep } from 'node:path'

/** A folder or file that something else could have put there. The message is for the person who named it. */
export class UnsafePathError extends Error {
  override readonly name = 'UnsafePathError'
}

/**
 * Makes a folder for this user alone, parents included, or takes one that is there. Every part of the path is looked
 * at and none is followed: a link that somebody planted would have files written, or taken away, elsewhere.
 * @returns the absolute path
 * @throws UnsafePathError where a part is a link or no folder, or where others could change what is written there
 */
export async function ownFolder(path: string): Promise<string> {
  const whole = resolve(path)
  const { root } = parse(whole)
  let at = root
  for (const part of whole.slice(root.length).split(sep).filter(Boolean)) {
    at = join(at, part)
    const found = await lookAt(at)
    // Links of the system, such as /tmp of macOS: who may change / may change everything.
    const ofSystem = found.isSymbolicLink() && dirname(at) === root && root === '/' && found.uid === 0
    if (found.isSymbolicLink() && !ofSystem) {
      throw new UnsafePathError(
        `${at} is a symbolic link, and none is followed here. Name the folder itself.`,
      )
    }
    if (!found.isDirectory() && !ofSystem)
      throw new UnsafePathError(`${at} is not a folder. Name another one.`)
    // Who may rename what lies in a parent can put a link in its place once it was looked at. The mode of a link is none.
    if (at !== whole && found.isDirectory()) refuseForeignParent(at, found)
  }
  refuseShared(whole, await lstat(whole))
  return whole
}

/**
 * Writes a file in a folder of {@link ownFolder}, in place of one of that name.
 * @param mode of the file; only its owner may write it
 * @throws UnsafePathError where the name is taken by a link or by no plain file
 */
export async function putFile(path: string, text: string, mode: 0o600 | 0o644 = 0o644): Promise<void> {
  const found = await lstat(path).catch(missing)
  if (found !== null && !found.isFile()) {
    const what = found.isSymbolicLink() ? 'a symbolic link' : 'not a plain file'
    throw new UnsafePathError(`${path} is ${what}, and nothing is written through it. Remove it.`)
  }
  // A new file, not the old one emptied: that may have a second name, or be open to others.
  await rm(path, { force: true })
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
  const file = await open(path, flags, mode)
  try {
    await file.writeFile(text)
  } finally {
    await file.close()
  }
}

async function lookAt(path: string): Promise<Stats> {
  const found = await lstat(path).catch(missing)
  if (found !== null) return found
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    // Made by somebody else in this moment: then it is judged like any other.
    if (codeOf(error) !== 'EEXIST') throw error
  })
  return lstat(path)
}

function refuseForeignParent(path: string, { uid, mode }: Stats): void {
  const own = process.getuid?.()
  if (own === undefined) return
  if (uid !== own && uid !== 0) {
    throw new UnsafePathError(
      `${path} belongs to another user, who could put another folder in place of the one in it. Name a folder elsewhere.`,
    )
  }
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0) {
    throw new UnsafePathError(
      `${path} may be changed by others, who could put another folder in place of the one in it. Run: chmod go-w ${path}`,
    )
  }
}

function refuseShared(path: string, { uid, mode }: Stats): void {
  const own = process.getuid?.()
  if (own === undefined) return
  const sticky = (mode & 0o1000) !== 0
  if (uid !== own && !(sticky && uid === 0)) {
    throw new UnsafePathError(`${path} belongs to another user. Name a folder of your own.`)
  }
  if ((mode & 0o022) !== 0 && !sticky) {
    throw new UnsafePathError(`${path} may be changed by others. Run: chmod go-w ${path}`)
  }
}

function missing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null
  throw error
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
