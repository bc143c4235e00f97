import type { JobTree } from './tree.ts'

type Shape = Pick<JobTree, 'children' | 'roots' | 'parents' | 'totals' | 'below'>

/** Places of the steps that are in sight when these are open, from top to bottom. Without recursion: trees may be deep. */
export function rowsOf(tree: Shape, open: ReadonlySet<number>): number[] {
  const rows: number[] = []
  const waiting = tree.roots.toReversed()
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    rows.push(place)
    if (!open.has(place)) continue
    const children = tree.children[place] ?? []
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i] as number)
  }
  return rows
}

/**
 * What is open at first: all of a small tree; of a large one, the branches with the most tokens, as long as there is
 * room for their steps.
 * @param staysClosed 1 for branches that say enough while they are closed
 */
export function opening(tree: Shape, room: number, staysClosed?: Uint8Array): Set<number> {
  const mayOpen = (place: number): boolean => isBranch(tree, place) && staysClosed?.[place] !== 1
  const open = new Set<number>()
  let shown = tree.roots.length
  const candidates = tree.roots.filter(mayOpen)
  while (candidates.length > 0 && (open.size === 0 || shown < room)) {
    const best = takeLargest(tree, candidates)
    const children = tree.children[best] ?? []
    // The largest branch is opened in any case: a list of closed tops explains nothing.
    if (open.size > 0 && shown + children.length > room) continue
    open.add(best)
    shown += children.length
    candidates.push(...children.filter(mayOpen))
  }
  return open
}

function takeLargest(tree: Shape, candidates: number[]): number {
  let at = 0
  for (let i = 1; i < candidates.length; i++) {
    if ((tree.totals[candidates[i] as number] ?? 0) > (tree.totals[candidates[at] as number] ?? 0)) at = i
  }
  return candidates.splice(at, 1)[0] as number
}

export function isBranch(tree: Pick<Shape, 'below'>, place: number): boolean {
  return (tree.below[place] ?? 0) > 0
}

/** Open so far, and everything above these steps, so that they are in sight. */
export function revealing(
  tree: Pick<Shape, 'parents'>,
  open: ReadonlySet<number>,
  places: readonly number[],
): ReadonlySet<number> {
  const more = new Set(open)
  // Steps beside one another share their way up; it is gone once.
  const gone = new Set<number>()
  for (const place of places) {
    for (let at = tree.parents[place] ?? -1; at >= 0 && !gone.has(at); at = tree.parents[at] ?? -1) {
      gone.add(at)
      more.add(at)
    }
  }
  return more.size === open.size ? open : more
}

/** The same steps in a tree that has grown: a job that still runs gets new ones between the old. */
export function openIn(
  tree: Pick<JobTree, 'placeOf'>,
  before: Pick<JobTree, 'steps'>,
  open: ReadonlySet<number>,
): Set<number> {
  const moved = new Set<number>()
  for (const place of open) {
    const now = tree.placeOf.get(before.steps[place]?.id ?? '')
    if (now !== undefined) moved.add(now)
  }
  return moved
}
