import { useMemo } from 'react'
import { navigate, replaceParams, useNavigation } from '../../../state/navigation.ts'
import { paramsWith, placeBefore, placeOf, type WorkflowsPlace } from '../../../state/workflows/address.ts'

/** What the address asks for. */
export function useJobsPlace(): WorkflowsPlace {
  const params = useNavigation((route) => route.params)
  return useMemo(() => placeOf(params), [params])
}

/** Changes a part of what is shown, and notes it in the address. */
export function showJobs(part: Partial<WorkflowsPlace>): void {
  const { params } = useNavigation.getState()
  replaceParams('tenants', paramsWith(params, { ...placeOf(params), ...part }))
}

/** As {@link showJobs}, as a step of its own: the browser's back button returns to where one was. */
export function goToJobs(part: Partial<WorkflowsPlace>): void {
  const { params } = useNavigation.getState()
  navigate('tenants', paramsWith(params, { ...placeOf(params), shown: true, ...part }))
}

/** One thing back. @returns whether there was anything to leave */
export function leaveJobs(): boolean {
  const before = placeBefore(placeOf(useNavigation.getState().params))
  if (before !== null) showJobs(before)
  return before !== null
}
