import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { SourceFailure } from '../../../platform/failure.ts'
import { whoElseWrites } from '../../../platform/whoElseWrites.ts'
import type { ScrapeTarget } from './target.ts'
import { MAX_LIST_BYTES, readList, readTargetGroups, type TargetList } from './groups.ts'

interface Seen {
  /** Size and time of change: what tells a new file without reading it. */
  readonly stamp: string
  readonly list: TargetList
}

/** What a look at the files brought. Both can be there: the good files count although one is broken. */
export interface FilesRead {
  /** The new list, or null where nothing has changed. */
  readonly list: TargetList | null
  /** Why a file could not be read; its last good list is in use meanwhile. */
  readonly failure: SourceFailure | null
  /** What is to be told although the list is in use. */
  readonly warnings: readonly string[]
}

/**
 * Reads the file_sd files of one pattern when they have changed. A file that cannot be read (half written, say) keeps
 * its last good list and is tried again at every look; the others go their own way.
 * @param getsSecret whether a secret goes to an address: whoever can write its list chooses who gets it, and that is told
 */
export function readChangedFiles(
  pattern: string,
  getsSecret: (target: ScrapeTarget) => boolean = () => false,
): () => Promise<FilesRead> {
  let seen = new Map<string, Seen>()
  return async () => {
    const paths = await matching(pattern)
    if (paths.length === 0) {
      return {
        list: null,
        warnings: [],
        failure: new SourceFailure({
          code: 'missing',
          text: `file_sd: no file at ${pattern}`,
          nextStep: 'Check the path; relative ones start at the folder of floorwatch.yaml.',
        }),
      }
    }
    const now = new Map<string, Seen>()
    const withSecret = () =>
      [...now].flatMap(([path, { list }]) => (list.targets.some(getsSecret) ? [path] : []))
    let changed = paths.length !== seen.size
    let failure: SourceFailure | null = null
    for (const path of paths) {
      const before = seen.get(path)
      try {
        const { size, mtimeMs } = await stat(path)
        const stamp = `${size} ${mtimeMs}`
        if (before?.stamp === stamp) {
          now.set(path, before)
          continue
        }
        now.set(path, { stamp, list: await readOne(path, size) })
        changed = true
      } catch (error) {
        failure ??= inWords(error, path)
        if (before !== undefined) now.set(path, { ...before, stamp: '' })
      }
    }
    seen = now
    return { list: changed ? joined([...now]) : null, failure, warnings: openTo(withSecret()) }
  }
}

const MOST_NAMED = 4

/** Lists that others can write, by name; at most {@link MOST_NAMED}. */
function openTo(paths: readonly string[]): string[] {
  const open = paths.flatMap((path) => {
    const why = writerOf(path)
    return why === null
      ? []
      : [
          `${path} names addresses that get the secret of this section, and ${why}. Run: chmod go-w ${path} (as its owner)`,
        ]
  })
  return open.length <= MOST_NAMED
    ? open
    : [...open.slice(0, MOST_NAMED), `${open.length - MOST_NAMED} more lists may be changed by others.`]
}

function writerOf(path: string): string | null {
  try {
    return whoElseWrites(path)
  } catch {
    // Gone in this moment: reading it says so.
    return null
  }
}

async function readOne(path: string, size: number): Promise<TargetList> {
  if (size > MAX_LIST_BYTES) {
    throw new SourceFailure({
      code: 'too-large',
      text: `file_sd: ${path} has ${size} bytes, at most ${MAX_LIST_BYTES} are read`,
      nextStep: 'Check that it is the right file, or split it.',
    })
  }
  const text = await readFile(path, 'utf8')
  const format = extname(path).toLowerCase() === '.json' ? 'json' : 'yaml'
  return readList(() => readTargetGroups(text, format), 'file_sd', path)
}

function inWords(error: unknown, path: string): SourceFailure {
  if (error instanceof SourceFailure) return error
  const why = error instanceof Error ? error.message : String(error)
  return new SourceFailure(
    {
      code: 'local',
      text: `file_sd: ${path} cannot be read (${why})`,
      nextStep: 'Check that the file is there and readable for the user that runs Floorwatch.',
    },
    error,
  )
}

function joined(files: readonly (readonly [string, Seen])[]): TargetList {
  return {
    targets: files.flatMap(([, { list }]) => list.targets),
    problems: files.flatMap(([path, { list }]) =>
      list.problems.map((problem) => `${basename(path)}, ${problem}`),
    ),
  }
}

/** Files that the pattern names, in order; `*` in its last part only, as Prometheus has it. */
async function matching(pattern: string): Promise<string[]> {
  const name = basename(pattern)
  if (!name.includes('*')) return (await exists(pattern)) ? [pattern] : []
  const parts = name.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const matches = new RegExp(`^${parts.join('.*')}$`)
  try {
    const names = await readdir(dirname(pattern))
    return names
      .filter((one) => matches.test(one))
      .toSorted()
      .map((one) => join(dirname(pattern), one))
  } catch {
    return []
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}
