import { createHash } from 'node:crypto'
import { join } from 'node:path'

const LONGEST = 40

/**
 * Folder of a site's store: its name in letters that every file system takes, and a digest of the whole name, because
 * two names can be equal in those letters.
 * @param state Floorwatch's state folder
 */
export function siteFolder(state: string, siteName: string): string {
  const name = siteName.normalize('NFC')
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST)
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return join(state, 'sites', letters === '' ? digest : `${letters}-${digest}`)
}
