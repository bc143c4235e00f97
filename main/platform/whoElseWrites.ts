import { lstatSync, statSync } from 'node:fs'

/**
 * "it belongs to another user" and the like; null where only this user (or root) can change the file. Windows does not
 * tell it by mode, so everything is taken there.
 */
export function whoElseWrites(path: string): string | null {
  const own = process.getuid?.()
  if (own === undefined) return null
  for (const found of [lstatSync(path), statSync(path)]) {
    if (found.uid !== own && found.uid !== 0) return 'it belongs to another user'
    // The mode of a link itself means nothing.
    if (found.isSymbolicLink()) continue
    if ((found.mode & 0o002) !== 0) return 'it may be changed by everybody on this machine'
    if ((found.mode & 0o020) !== 0) return 'it may be changed by its whole group'
  }
  return null
}
