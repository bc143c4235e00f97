import { useEffect, useMemo } from 'react'
import type { Dimension } from '../../../shared/model/tokens.ts'
import { replaceParams, useNavigation } from '../../state/navigation.ts'
import { paramsOf, placeOf, type TokensPlace } from '../../state/tokens/address.ts'
import { toggleName } from '../../state/tokens/filters.ts'

/** What the view showed when it was left: the rail leads back to it. An address that says anything wins. */
let remembered: Readonly<Record<string, string>> = {}

/** What the address asks for. */
export function usePlace(): TokensPlace {
  const params = useNavigation((route) => route.params)
  useEffect(() => {
    const { params: asked } = useNavigation.getState()
    if (Object.keys(asked).length === 0 && Object.keys(remembered).length > 0) show(placeOf(remembered))
  }, [])
  return useMemo(() => placeOf(params), [params])
}

/** Changes a part of what is shown, and notes it in the address. */
export function showPart(part: Partial<TokensPlace>): void {
  show({ ...placeOf(useNavigation.getState().params), ...part })
}

export function toggleFilter(dimension: Dimension, name: string): void {
  const { filters } = placeOf(useNavigation.getState().params)
  showPart({ filters: toggleName(filters, dimension, name) })
}

function show(place: TokensPlace): void {
  remembered = paramsOf(place)
  replaceParams('tokens', remembered)
}
