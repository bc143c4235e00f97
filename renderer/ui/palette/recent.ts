import { z } from 'zod'

const KEY = 'floorwatch.palette.recent'
const MOST = 8

const text = z.string().max(1000)
/** What was chosen last: an action by its id, or a thing with where it is. */
const recentSchema = z.object({
  id: text,
  title: text.catch(''),
  group: text.catch(''),
  /** The address within the page, `#/floor?host=h-0312`; null for an action. */
  to: z.string().startsWith('#/').max(4000).nullable().catch(null),
})
export type Recent = z.infer<typeof recentSchema>

/** Newest first. Whatever else stands in the storage is ignored. */
export function readRecent(storage: Pick<Storage, 'getItem'> | null): Recent[] {
  try {
    const parsed: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]')
    if (!Array.isArray(parsed)) return []
    return parsed.flatMap((entry) => recentSchema.safeParse(entry).data ?? []).slice(0, MOST)
  } catch {
    return []
  }
}

export function rememberRecent(storage: Pick<Storage, 'getItem' | 'setItem'> | null, recent: Recent): void {
  try {
    const list = [recent, ...readRecent(storage).filter(({ id }) => id !== recent.id)].slice(0, MOST)
    storage?.setItem(KEY, JSON.stringify(list))
  } catch {
    // A full or forbidden storage costs the memory of the palette, nothing else.
  }
}
