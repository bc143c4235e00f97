import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export interface LocatePlaces {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly cwd: string
}

export function placesHere(): LocatePlaces {
  return { env: process.env, platform: process.platform, home: homedir(), cwd: process.cwd() }
}

const FILE = 'floorwatch.yaml'

/** Folder for what belongs to this person on this machine: XDG on Linux, AppData on Windows, Library on macOS. */
export function userConfigFolder({ env, platform, home }: LocatePlaces): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'Floorwatch')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Floorwatch')
  const xdg = env['XDG_CONFIG_HOME']
  // A relative XDG_CONFIG_HOME is to be ignored (XDG Base Directory Specification).
  return join(xdg?.startsWith('/') ? xdg : join(home, '.config'), 'floorwatch')
}

/**
 * Folder for what Floorwatch itself keeps between its starts: $FLOORWATCH_STATE, else XDG's state folder on Linux and
 * what stands for it elsewhere.
 */
export function userStateFolder({ env, platform, home, cwd }: LocatePlaces): string {
  const named = env['FLOORWATCH_STATE']
  if (named) return resolve(cwd, named)
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'Floorwatch')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Floorwatch')
  const xdg = env['XDG_STATE_HOME']
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'state'), 'floorwatch')
}

/** Where the setup view saves: the first place that a later start without --config looks at and a person owns. */
export function defaultConfigPath(places: LocatePlaces): string {
  return join(userConfigFolder(places), FILE)
}

export interface Located {
  readonly path: string
  /** `folder`: not named with --config, it was found in the working folder. Whoever put it there is to be looked at, see trust.ts. */
  readonly found: 'named' | 'folder' | 'own'
}

/**
 * The configuration to start with. A file that was named (--config, $FLOORWATCH_CONFIG) is returned whether it exists
 * or not, so that its absence is told; of the usual places (./floorwatch.yaml, the person's own) only one that exists.
 * Null: none, so the setup view.
 */
export function locate(
  named: string | undefined,
  places: LocatePlaces,
  exists: (path: string) => boolean = existsSync,
): Located | null {
  const wanted = named ?? (places.env['FLOORWATCH_CONFIG'] || undefined)
  if (wanted !== undefined) return { path: resolve(places.cwd, wanted), found: 'named' }
  const own = defaultConfigPath(places)
  const here = join(places.cwd, FILE)
  if (here !== own && exists(here)) return { path: here, found: 'folder' }
  return exists(own) ? { path: own, found: 'own' } : null
}

/** As {@link locate}, the path alone. */
export function locateConfig(
  named: string | undefined,
  places: LocatePlaces,
  exists?: (path: string) => boolean,
): string | null {
  return locate(named, places, exists)?.path ?? null
}

/**
 * Saves a new configuration, readable by its owner alone, and never overwrites one.
 * @throws Error with `code: 'EEXIST'` where a file stands already
 */
export async function writeNewConfig(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, text, { flag: 'wx', mode: 0o600 })
}
