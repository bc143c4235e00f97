import { EmptyState } from '../../ui/dialog/EmptyState.tsx'

/** Tokens per GPU-hour, dollar and joule. */
export function YieldView() {
  return (
    <EmptyState
      reason="Yield and reconciliation are not in this version yet."
      nextStep="The tokens view (g t) shows tokens per GPU type."
    />
  )
}
