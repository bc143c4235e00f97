import { join } from 'node:path'
import {
  defaultConfigPath,
  type LocatePlaces,
  locateConfig,
  placesHere,
  userStateFolder,
} from '../config/locate.ts'
import { type ListedWall, openWallFiles, type WallFiles } from '../wall/wallFiles.ts'
import { newWall } from '../wall/walls.ts'
import type { Output } from './surroundings.ts'

/** Which floor a wall shows, in the words of the command line. */
export interface SiteArguments {
  readonly config: string | null
  readonly demo: boolean
}

export type WallArguments =
  | { readonly action: 'list' }
  | { readonly action: 'add'; readonly name: string; readonly site: SiteArguments; readonly at: URL }
  | { readonly action: 'revoke'; readonly names: readonly string[]; readonly all: boolean }

/** What wall addresses belong to. The setup saves where a later start looks first, so it counts as that file. */
export function siteOf({ config, demo }: SiteArguments, places: LocatePlaces): string {
  if (demo) return 'demo'
  return locateConfig(config ?? undefined, places) ?? defaultConfigPath(places)
}

export function wallFolder(places: LocatePlaces): string {
  return join(userStateFolder(places), 'walls')
}

/**
 * `floorwatch wall`: who may look. A running engine follows within seconds.
 * @returns the exit code
 */
export async function wall(asked: WallArguments, output: Output): Promise<number> {
  const places = placesHere()
  const files = await openWallFiles(wallFolder(places), (text) => output.err(text))
  if (asked.action === 'add') return add(asked, files, places, output)
  if (asked.action === 'revoke') return revoke(asked, files, output)
  for (const line of listing(files.list())) output.out(line)
  return 0
}

function add(
  { name, site, at }: Extract<WallArguments, { action: 'add' }>,
  files: WallFiles,
  places: LocatePlaces,
  output: Output,
): number {
  const added = newWall(name.trim(), siteOf(site, places), Date.now())
  if (!files.add(added.wall)) return 1
  output.out(`${new URL('/', at).href}?token=${added.token}`)
  output.out(`Shown this once. It works until it is revoked: floorwatch wall revoke ${added.wall.id}`)
  return 0
}

function revoke(
  { names, all }: Extract<WallArguments, { action: 'revoke' }>,
  files: WallFiles,
  output: Output,
): number {
  const walls = files.list()
  let failed = false
  for (const choice of all ? walls : names.map((name) => named(walls, name))) {
    if (typeof choice === 'string') {
      output.err(`${choice} \`floorwatch wall list\` shows their ids.`)
      failed = true
    } else if (files.remove(choice.id)) {
      output.out(`Revoked ${choice.id} (${choice.name}).`)
    }
  }
  return failed ? 1 : 0
}

/** The wall of this id or name, or in words why there is no such one. */
function named(walls: readonly ListedWall[], name: string): ListedWall | string {
  const byId = walls.find(({ id }) => id === name)
  if (byId !== undefined) return byId
  const [first, ...more] = walls.filter((other) => other.name === name)
  if (first === undefined) return `There is no wall "${name}".`
  return more.length > 0 ? `Several walls are called "${name}".` : first
}

function listing(walls: readonly ListedWall[]): string[] {
  if (walls.length === 0) return ['No wall address is admitted. One is kept once a display has opened it.']
  const rows = walls
    .toSorted((a, b) => a.issuedAt - b.issuedAt)
    .map(({ id, name, site, issuedAt, seenAt }) => [
      id,
      name,
      minute(issuedAt),
      seenAt === null ? 'never' : minute(seenAt),
      site,
    ])
  const table = [['id', 'name', 'issued (UTC)', 'last seen (UTC)', 'floor'], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
