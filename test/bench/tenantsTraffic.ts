import type { TenantsItem } from '../../shared/contract/tenants.ts'
import { syntheticTenants } from '../fixtures/syntheticTenants.ts'

/** So many items in turn: making them every second would be measured with the view. */
const PREPARED = 8
const DIGITS = 5

/** Ten thousand tenants as the engine sends them, each time with other figures. */
export function preparedRankings(): () => TenantsItem {
  let now = Date.now()
  const tenants = syntheticTenants('many', () => now)
  const items = Array.from({ length: PREPARED }, (): TenantsItem => {
    now += 1000
    return JSON.parse(JSON.stringify(tenants.ranking(), rounded)) as TenantsItem
  })
  let round = 0
  return () => {
    const item = items[round++ % PREPARED] as TenantsItem
    return { ...item, at: Date.now() }
  }
}

function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value
}
