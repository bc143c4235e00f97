import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { type Dimension, DIMENSION_TITLES } from '../../../../shared/model/tokens.ts'
import { say } from '../../../../shared/messages/format.ts'
import { navigate } from '../../../state/navigation.ts'
import { paramsOf as tokensParams, TOKENS_HOME } from '../../../state/tokens/address.ts'
import { chartedRate, dimensionWords, lackOf, nameWords, saidLack } from '../../../state/tokens/measures.ts'
import { RankedBars } from '../../../ui/chart/RankedBars.tsx'
import { tenantProvenance } from '../provenance.ts'
import { Part } from './Part.tsx'

/** What its tokens are spent on; a name leads to the tokens view, with it and the tenant as filters. */
export function Parts({ tenant }: { tenant: TenantDetail }) {
  return (
    <>
      <Ranked tenant={tenant} dimension="model" rows={tenant.models} />
      <Ranked tenant={tenant} dimension="endpoint" rows={tenant.endpoints} />
      <Ranked tenant={tenant} dimension="gpuType" rows={tenant.gpuTypes} />
    </>
  )
}

interface RankedProps {
  readonly tenant: TenantDetail
  readonly dimension: Exclude<Dimension, 'tenant'>
  readonly rows: TenantDetail['models']
}

function Ranked({ tenant, dimension, rows }: RankedProps) {
  const { one, many } = DIMENSION_TITLES[dimension]
  const { origin, id } = tenant
  if (rows.length === 0) {
    return (
      <Part title={many}>
        <p className="secondary">
          {saidLack(origin, dimension) !== null || origin.state !== 'ok'
            ? lackOf(origin, dimension)
            : say('tenant.parts.none', { dimension: dimensionWords(dimension) })}
        </p>
      </Part>
    )
  }
  const bars = rows.map(({ name, rates, share }) => ({
    name,
    title: nameWords(name),
    value: chartedRate(rates, 'tokens'),
    share,
    spark: null,
    colour: null,
    role: 'plain' as const,
  }))
  return (
    <Part title={rows.length === 1 ? one : many}>
      <RankedBars
        label={say('tenant.parts.label', { what: many })}
        rows={bars}
        figure={{ ...tenantProvenance(tenant, 'tokens', bars[0]?.value ?? null), unit: 'tok/s' }}
        onToggle={(name) =>
          navigate(
            'tokens',
            tokensParams({ ...TOKENS_HOME, by: dimension, filters: { tenant: [id], [dimension]: [name] } }),
          )
        }
      />
    </Part>
  )
}
