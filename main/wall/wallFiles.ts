import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ownFolder } from '../platform/ownFolder.ts'
import type { Wall, WallStore } from './walls.ts'

/** A wall as `floorwatch wall list` shows it. */
export interface ListedWall extends Wall {
  /** When a display with this address was connected last, ms since the epoch; null: never yet. */
  readonly seenAt: number | null
}

export interface WallFiles extends WallStore {
  readonly folder: string
  list(): ListedWall[]
  /** @returns false where it was gone already */
  remove(id: string): boolean
}

const digest = z.string().regex(/^[0-9a-f]{64}$/)
const fileSchema = z.strictObject({
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().max(80),
  site: z.string().max(4096),
  issuedAt: z.number(),
  token: digest,
  cookie: digest,
  proof: digest,
})

const FILE = /^([0-9a-f]{8})\.json$/
const MAX_FILES = 1024
const NEVER = 0
const MAX_BYTES = 16 * 1024

/**
 * Wall addresses in a folder for this user alone, a file each, digests only. Revoking one removes its file: no process
 * can bring it back by writing what it knew, as it could with one file for all of them.
 * @param onTrouble told in words, once for each file, what is not read and why
 * @throws UnsafePathError where the folder is another's, and the errors of the file system
 */
export async function openWallFiles(folder: string, onTrouble: (text: string) => void): Promise<WallFiles> {
  const at = await ownFolder(folder)
  const troubled = new Set<string>()

  function pathOf(id: string): string {
    return join(at, `${id}.json`)
  }

  function readOne(id: string): ListedWall | null {
    try {
      return readWall(pathOf(id), id)
    } catch (error) {
      // Gone between the listing and now: revoked.
      if (codeOf(error) === 'ENOENT') return null
      const why = error instanceof z.ZodError || error instanceof SyntaxError ? 'not in its form' : ''
      const text = why === '' ? messageOf(error) : why
      if (troubled.size < MAX_FILES && !troubled.has(id)) {
        onTrouble(`The wall address in ${pathOf(id)} is not read: ${text}. Remove the file and add it again.`)
      }
      troubled.add(id)
      return null
    }
  }

  return {
    folder: at,
    read(known) {
      const ids = idsIn(at, onTrouble)
      return ids === null ? null : ids.flatMap((id) => known.get(id) ?? readOne(id) ?? [])
    },
    list: () => (idsIn(at, onTrouble) ?? []).flatMap((id) => readOne(id) ?? []),
    add(wall) {
      const text = JSON.stringify({
        version: 1,
        ...wall,
        token: wall.token.toString('hex'),
        cookie: wall.cookie.toString('hex'),
        proof: wall.proof.toString('hex'),
      })
      const draft = join(at, `.${wall.id}.new`)
      try {
        writeFileSync(draft, `${text}\n`, { flag: 'wx', mode: 0o600 })
        // The time of the file is when the wall was seen.
        utimesSync(draft, NEVER, NEVER)
        renameSync(draft, pathOf(wall.id))
        return true
      } catch (error) {
        discard(draft)
        onTrouble(`A wall address could not be kept and works until Floorwatch ends: ${messageOf(error)}.`)
        return false
      }
    },
    touch(id) {
      const now = new Date()
      try {
        utimesSync(pathOf(id), now, now)
      } catch {
        // Revoked in this moment, or a disk that takes nothing: then only the date of the last sight is older.
      }
    },
    remove(id) {
      try {
        rmSync(pathOf(id))
        return true
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return false
        throw error
      }
    },
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Where nothing can be written, nothing lies.
  }
}

/** null where the folder cannot be read: that is no word about the walls in it. */
function idsIn(folder: string, onTrouble: (text: string) => void): string[] | null {
  try {
    const ids = readdirSync(folder).flatMap((name) => FILE.exec(name)?.[1] ?? [])
    return ids.toSorted().slice(0, MAX_FILES)
  } catch (error) {
    // Whoever removes the whole folder revokes every wall.
    if (codeOf(error) === 'ENOENT') return []
    onTrouble(`The wall addresses in ${folder} cannot be read: ${messageOf(error)}.`)
    return null
  }
}

function readWall(path: string, id: string): ListedWall {
  const stats = lstatSync(path)
  const own = process.getuid?.()
  if (!stats.isFile() || stats.size > MAX_BYTES) throw new Error('it is no plain file of their size')
  if (own !== undefined && stats.uid !== own) throw new Error('it belongs to another user')
  if (own !== undefined && (stats.mode & 0o077) !== 0) throw new Error('others may read or change it')
  const { version: _, ...wall } = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  if (wall.id !== id) throw new Error('its name is that of another wall')
  const bytes = (hex: string) => Buffer.from(hex, 'hex')
  return {
    ...wall,
    token: bytes(wall.token),
    cookie: bytes(wall.cookie),
    proof: bytes(wall.proof),
    seenAt: stats.mtimeMs === NEVER ? null : stats.mtimeMs,
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
