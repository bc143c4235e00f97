import { EmptyState } from '../../ui/dialog/EmptyState.tsx'

/** Tokens per second and totals by GPU type, model, endpoint and tenant. */
export function TokensView() {
  return (
    <EmptyState
      reason="The tokens view is not in this version yet."
      nextStep="The status bar shows the rate of the whole factory."
    />
  )
}
