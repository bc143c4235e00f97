import { PROOF_FRAGMENT } from '../../shared/contract/wire.ts'

/** The page's half of its admission; the other half is a cookie that no script can read. */
export interface ProofKeeper {
  /** What to show to the engine's host now; '' where there is none. */
  proof(): string
  /** The host took it: it is good, and from now on the one for this origin. */
  accepted(): void
  /** The host judged it wrong. Not to be called where a line ended for another reason. */
  refused(): void
}

interface Page {
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>
  readonly history: Pick<History, 'replaceState'>
  readonly localStorage: Pick<Storage, 'getItem' | 'setItem'>
}

const KEY = 'floorwatch.proof'

/**
 * Takes the proof that came with the address of the first page out of the address bar, and keeps it in the storage of
 * this origin, where another port of the same machine cannot read it (a cookie it would be sent). A reload, a second
 * tab and a wall that restarts find it there.
 *
 * The one from the address is kept once the host has taken it, so that a link of a stranger cannot replace a good one.
 */
export function proofKeeper(page: Page): ProofKeeper {
  const { hash, pathname, search } = page.location
  let offered = hash.startsWith(PROOF_FRAGMENT) ? hash.slice(PROOF_FRAGMENT.length) : null
  if (offered !== null) page.history.replaceState(null, '', `${pathname}${search}`)
  let shown = ''
  // Where the browser forbids storage the proof lasts as long as the page.
  let kept: string | null = null
  return {
    proof() {
      shown = offered ?? read(page) ?? kept ?? ''
      return shown
    },
    accepted() {
      offered = null
      if (shown === kept) return
      kept = shown
      write(page, shown)
    },
    refused() {
      if (shown === offered) offered = null
      if (shown === kept) kept = null
    },
  }
}

function read(page: Page): string | null {
  try {
    return page.localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function write(page: Page, proof: string): void {
  try {
    page.localStorage.setItem(KEY, proof)
  } catch {
    // It stays in memory: a reload then needs a new address, and the host says so.
  }
}
