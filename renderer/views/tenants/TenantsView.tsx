import { EmptyState } from '../../ui/dialog/EmptyState.tsx'

/** The ranking of tenants. */
export function TenantsView() {
  return (
    <EmptyState
      reason="The ranking of tenants is not in this version yet."
      nextStep="The tokens view (g t) ranks tenants by their rate; select one there to see it alone."
    />
  )
}
