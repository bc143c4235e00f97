import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Tile, TileStrip } from '../../../ui/tile/Tile.tsx'
import { type Flow, FlowRate, FlowTiles } from '../../tokens/FlowTiles.tsx'
import { LatencyTile } from '../../tokens/LatencyTile.tsx'
import { percent, shareDigits, tenantProvenance } from '../provenance.ts'
import { Say } from '../../../ui/text/Say.tsx'

/** The tenant in tokens: how many, of what, for how many requests, how many were wasted, how fast. */
export function PageStrip({ tenant }: { tenant: TenantDetail }) {
  const { share } = tenant
  const flow: Flow = {
    ...tenant,
    failedLabel: say('tenant.failedTokens'),
    provenance: (what, value) => tenantProvenance(tenant, what, value),
  }
  return (
    <TileStrip label={say('tenant.summary')}>
      <Tile
        label={say('tenant.tokens')}
        note={
          <>
            <Say
              id="tenant.share"
              values={{
                share: (
                  <Figure
                    {...tenantProvenance(tenant, 'share', share)}
                    label={say('tenant.share.label')}
                    value={percent(share)}
                    unit="%"
                    digits={shareDigits(share)}
                    size="tiny"
                  />
                ),
              }}
            />
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
      <Tile label={say('latency.title')}>
        <span className="latency-note">
          {note === '' ? say('tokens.notReported', { source: origin.name }) : note}
        </span>
      </Tile>
    )
  }
  return (
    <LatencyTile
      latency={{
        ...latency,
        source: say('tenant.latency.source', { source: origin.name }),
        at: origin.dataAsOf,
      }}
    />
  )
}
