import { useActions } from './actions.ts'
import type { EscapeStep } from './escape.ts'

interface Escape {
  /** Stable, as the id of an action. */
  readonly id: string
  readonly title: string
  readonly group: string
  readonly step: EscapeStep
  /** Asked when the key is pressed, for what the page alone knows: where the focus is. */
  readonly when?: () => boolean
  readonly inDialog?: boolean
  readonly run: () => void
}

/** Offers what Esc can do while the component is mounted. Of two at the same step the later mounted one is done first. */
export function useEscape(...escapes: readonly (Escape | false)[]): void {
  useActions(
    escapes
      .filter((escape) => escape !== false)
      .map((escape) => ({ ...escape, keys: 'Escape', keyboardOnly: true })),
  )
}
