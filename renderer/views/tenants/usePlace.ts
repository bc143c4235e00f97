import { useEffect, useMemo } from 'react'
import { navigate, replaceParams, useNavigation } from '../../state/navigation.ts'
import { paramsOf, placeOf, type TenantsPlace } from '../../state/tenants/address.ts'

/** What the ranking showed when it was left: the rail leads back to it. An address that says anything wins. */
let remembered: Readonly<Record<string, string>> = {}

/** What the address asks for. */
export function usePlace(): TenantsPlace {
  const params = useNavigation((route) => route.params)
  useEffect(() => {
    const { params: asked } = useNavigation.getState()
    if (Object.keys(asked).length === 0 && Object.keys(remembered).length > 0) show(placeOf(remembered))
  }, [])
  return useMemo(() => placeOf(params), [params])
}

/** Changes a part of what is shown, and notes it in the address. */
export function showPart(part: Partial<TenantsPlace>): void {
  show({ ...presentPlace(), ...part })
}

/** Opens a tenant's page as a step of its own: the browser's back button returns to the ranking. */
export function openTenant(id: string): void {
  showPart({ selected: id })
  navigate('tenants', paramsOf({ ...presentPlace(), tenant: id, selected: id }))
}

/** Back to the ranking as it was left, standing on the tenant whose page was open. */
export function closeTenant(): void {
  const place = presentPlace()
  show({ ...place, tenant: null, selected: place.tenant ?? place.selected })
}

function presentPlace(): TenantsPlace {
  return placeOf(useNavigation.getState().params)
}

function show(place: TenantsPlace): void {
  const params = paramsOf(place)
  if (place.tenant === null) remembered = params
  replaceParams('tenants', params)
}
