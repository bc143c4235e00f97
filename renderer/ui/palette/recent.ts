const KEY = 'floorwatch.palette.recent'
const MOST = 8

/** Ids of what was chosen last, newest first. Whatever else stands in the storage is ignored. */
export function readRecent(storage: Pick<Storage, 'getItem'> | null): string[] {
  try {
    const parsed: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]')
    if (!Array.isArray(parsed)) return []
    return parsed.filter((id): id is string => typeof id === 'string' && id.length <= 200).slice(0, MOST)
  } catch {
    return []
  }
}

export function rememberRecent(storage: Pick<Storage, 'getItem' | 'setItem'> | null, id: string): void {
  try {
    const recent = [id, ...readRecent(storage).filter((other) => other !== id)].slice(0, MOST)
    storage?.setItem(KEY, JSON.stringify(recent))
  } catch {
    // A full or forbidden storage costs the memory of the palette, nothing else.
  }
}
