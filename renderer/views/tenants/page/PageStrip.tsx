import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Tile, TileStrip } from '../../../ui/tile/Tile.tsx'
import { type Flow, FlowRate, FlowTiles } from '../../tokens/FlowTiles.tsx'
import { LatencyTile } from '../../tokens/LatencyTile.tsx'
import { percent, shareDigits, tenantProvenance } from '../provenance.ts'

/** The tenant in tokens: how many, of what, for how many requests, how many were wasted, how fast. */
export function PageStrip({ tenant }: { tenant: TenantDetail }) {
  const { share } = tenant
  const flow: Flow = {
    ...tenant,
    whole: 'of all its tokens',
    provenance: (what, value) => tenantProvenance(tenant, what, value),
  }
  return (
    <TileStrip label="Summary of the tenant">
      <Tile
        label="Tokens"
        note={
          <>
            <Figure
              {...tenantProvenance(tenant, 'share', share)}
              label="Share of the tokens of all tenants"
              value={percent(share)}
              unit="%"
              digits={shareDigits(share)}
              size="tiny"
            />{' '}
            of all tenants
          </>
        }
      >
        <FlowRate flow={flow} measure="tokens" size="large" />
      </Tile>
      <FlowTiles flow={flow} />
      <Latency tenant={tenant} />
    </TileStrip>
  )
}

/** Quantiles at the gateway; where it measures none per tenant, a sentence instead of twelve dashes. */
function Latency({ tenant: { latency, origin } }: { tenant: TenantDetail }) {
  const { duration, timeToFirstToken, interToken, note } = latency
  if (duration === null && timeToFirstToken === null && interToken === null) {
    return (
      <Tile label="Latency">
        <span className="latency-note">{note === '' ? `${origin.name} did not report it.` : note}</span>
      </Tile>
    )
  }
  return (
    <LatencyTile latency={{ ...latency, source: `${origin.name}, at the gateway`, at: origin.dataAsOf }} />
  )
}
