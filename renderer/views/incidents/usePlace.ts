import { useMemo } from 'react'
import { type IncidentsPlace, paramsOf, placeOf } from '../../state/incidents/list.ts'
import { navigate, replaceParams, useNavigation } from '../../state/navigation.ts'

/** What the address asks for. */
export function usePlace(): IncidentsPlace {
  const params = useNavigation((route) => route.params)
  return useMemo(() => placeOf(params), [params])
}

/** Changes a part of what is shown, and notes it in the address. */
export function showPart(part: Partial<IncidentsPlace>): void {
  replaceParams('incidents', paramsOf({ ...presentPlace(), ...part }))
}

/** Opens a page as a step of its own: the browser's back button returns to the list. */
export function openIncident(id: string): void {
  showPart({ selected: id })
  navigate('incidents', paramsOf({ ...presentPlace(), incident: id, selected: id }))
}

/** Back to the list as it was left. */
export function closeIncident(): void {
  showPart({ incident: null })
}

function presentPlace(): IncidentsPlace {
  return placeOf(useNavigation.getState().params)
}
