import { EmptyState } from '../../ui/dialog/EmptyState.tsx'

export function FloorView() {
  return (
    <EmptyState
      reason="This build has no picture of the floor."
      nextStep="The status bar counts what is abnormal; source health says who answers (g h)."
    />
  )
}
