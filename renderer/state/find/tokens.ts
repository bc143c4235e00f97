import type { TenantsItem, WorkflowRow } from '../../../shared/contract/tenants.ts'
import type { RankedRow } from '../../../shared/contract/tokens.ts'
import type { Dimension } from '../../../shared/model/tokens.ts'
import { formatRoute } from '../navigation.ts'
import { paramsOf as tenantParams, TENANTS_HOME } from '../tenants/address.ts'
import { paramsOf as tokenParams, TOKENS_HOME } from '../tokens/address.ts'
import { paramsWith, WORKFLOWS_HOME } from '../workflows/address.ts'
import { type Found, matching } from './found.ts'

/** By name or id; chosen, their page opens. */
export function findTenants({ ids, names, states }: TenantsItem, query: string): Found[] {
  const places = ids.map((_, place) => place)
  return matching(places, query, (place) => `${names[place] ?? ''} ${ids[place] ?? ''}`).map((place) => {
    const id = ids[place] ?? ''
    const name = names[place] ?? ''
    return {
      id: `tenant.${id}`,
      title: name === '' ? id : name,
      detail: [name === '' ? '' : id, states[place]].filter(Boolean).join(' · '),
      keywords: [id],
      to: formatRoute('tenants', tenantParams({ ...TENANTS_HOME, tenant: id })),
    }
  })
}

/** Models, endpoints or GPU types that tokens are counted by; chosen, the tokens show them alone. */
export function findInDimension(dimension: Dimension, rows: readonly RankedRow[], query: string): Found[] {
  return matching(
    rows.filter(({ name }) => name !== ''),
    query,
    ({ name }) => name,
  ).map(({ name }) => ({
    id: `${dimension}.${name}`,
    title: name,
    to: formatRoute(
      'tokens',
      tokenParams({ ...TOKENS_HOME, by: dimension, filters: { [dimension]: [name] } }),
    ),
  }))
}

/** By name or id; chosen, the job opens on its tenant's page. */
export function findJobs(jobs: readonly WorkflowRow[], query: string): Found[] {
  return matching(jobs, query, ({ name, id }) => `${name} ${id}`).map(({ id, name, tenant, outcome }) => ({
    id: `job.${id}`,
    title: name === '' ? id : name,
    detail: [name === '' ? '' : id, tenant, outcome].filter(Boolean).join(' · '),
    keywords: [id],
    to: formatRoute('tenants', paramsWith({ tenant }, { ...WORKFLOWS_HOME, shown: true, job: id })),
  }))
}
