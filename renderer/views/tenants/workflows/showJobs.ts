import { navigate, useNavigation } from '../../../state/navigation.ts'
import { paramsWith, placeOf, type WorkflowsPlace } from '../../../state/workflows/address.ts'

/** Changes what is shown of the jobs; a step of its own, so that the browser's back button leads back to the list. */
export function showJobs(part: Partial<WorkflowsPlace>): void {
  const { params } = useNavigation.getState()
  navigate('tenants', paramsWith(params, { ...placeOf(params), ...part }))
}
