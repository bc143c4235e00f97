import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocatePlaces, userStateFolder } from '../config/locate.ts'
import { ownFolder, putFile } from '../platform/ownFolder.ts'
import type { Host } from '../wall/host.ts'
import type { Ending } from './ending.ts'

/**
 * The command that opens a desktop window on this host. Its token lies in a file of this user alone, because the
 * command line of a process can be read by every user of the machine; the window reads the file again whenever it
 * connects, so it finds the next engine on the same port, too.
 */
export async function desktopLine(
  host: Pick<Host, 'url' | 'port' | 'attachUrl'>,
  places: LocatePlaces,
  ending: Ending,
): Promise<string> {
  const address = new URL(host.attachUrl('console'))
  try {
    const folder = await ownFolder(userStateFolder(places))
    const path = join(folder, `desktop-${host.port}.token`)
    await putFile(path, `${address.searchParams.get('token') ?? ''}\n`, 0o600)
    ending.add(() => rm(path, { force: true }))
    return `floorwatch --engine ${host.url} --token-file ${quoted(path)}`
  } catch {
    // No folder of this user's own: the address then has the token in it.
    return `floorwatch --engine "${address.href}"`
  }
}

function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `"${path}"`
}
