import { isBranch } from './rows.ts'
import type { JobTree } from './tree.ts'

export type TreeStep =
  | { readonly kind: 'go'; readonly to: number }
  | { readonly kind: 'open' | 'close'; readonly places: readonly number[] }

interface Standing {
  readonly tree: Pick<JobTree, 'children' | 'parents' | 'below' | 'roots'>
  /** Places in sight, from top to bottom. */
  readonly rows: readonly number[]
  readonly open: ReadonlySet<number>
  /** The step that the keyboard stands on; -1 on none. */
  readonly current: number
  /** Rows that fit on the screen. */
  readonly page: number
}

/**
 * What a key does in the tree, as the ARIA treegrid pattern has it with the focus on rows: right opens or goes in, left
 * closes or goes out, up, down, Home, End and the page keys walk, `*` opens all branches beside this one. j and k walk
 * too, as in every list of this console. null: the key is not the tree's.
 */
export function treeKey(key: string, standing: Standing): TreeStep | null {
  const { tree, rows, open, current, page } = standing
  if (rows.length === 0) return null
  const at = rows.indexOf(current)
  const walk = (to: number): TreeStep => ({
    kind: 'go',
    to: rows[Math.min(Math.max(to, 0), rows.length - 1)] as number,
  })
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return walk(at + 1)
    case 'ArrowUp':
    case 'k':
      return walk(at === -1 ? 0 : at - 1)
    case 'Home':
      return walk(0)
    case 'End':
      return walk(rows.length - 1)
    case 'PageDown':
      return walk(Math.max(at, 0) + page)
    case 'PageUp':
      return walk(at === -1 ? 0 : at - page)
    default:
  }
  if (at === -1) return key === 'ArrowRight' || key === 'ArrowLeft' || key === '*' ? walk(0) : null
  const branch = isBranch(tree, current)
  const parent = tree.parents[current] ?? -1
  switch (key) {
    case 'ArrowRight':
      if (!branch) return { kind: 'go', to: current }
      if (!open.has(current)) return { kind: 'open', places: [current] }
      return { kind: 'go', to: tree.children[current]?.[0] ?? current }
    case 'ArrowLeft':
      if (branch && open.has(current)) return { kind: 'close', places: [current] }
      return { kind: 'go', to: parent === -1 ? current : parent }
    case '*': {
      const siblings = parent === -1 ? tree.roots : (tree.children[parent] ?? [])
      return { kind: 'open', places: siblings.filter((place) => isBranch(tree, place)) }
    }
    default:
      return null
  }
}
