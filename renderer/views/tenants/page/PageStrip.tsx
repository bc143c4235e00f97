import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import type { Charted } from '../../../../shared/model/tokens.ts'
import { chartedRate, MEASURE_WORDS } from '../../../state/tokens/measures.ts'
import { Sparkline } from '../../../ui/chart/Sparkline.tsx'
import { Figure } from '../../../ui/figure/Figure.tsx'
import type { FigureProps } from '../../../ui/figure/figureProps.ts'
import { Tile, TileStrip } from '../../../ui/tile/Tile.tsx'
import { LatencyTile } from '../../tokens/LatencyTile.tsx'
import { percent, shareDigits, tenantProvenance } from '../provenance.ts'

/** The tenant in tokens: how many, of what, for how many requests, how many in vain, how fast. */
export function PageStrip({ tenant }: { tenant: TenantDetail }) {
  const { trend, share } = tenant
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
        <Rate tenant={tenant} measure="tokens" size="large" />
      </Tile>
      <Tile
        label="Input"
        chart={<Sparkline values={trend.input} />}
        note={
          <>
            cached <Rate tenant={tenant} measure="cachedInput" size="tiny" />
          </>
        }
      >
        <Rate tenant={tenant} measure="input" />
      </Tile>
      <Tile
        label="Output"
        chart={<Sparkline values={trend.output} />}
        note={
          <>
            reasoning <Rate tenant={tenant} measure="reasoning" size="tiny" />
          </>
        }
      >
        <Rate tenant={tenant} measure="output" />
      </Tile>
      <Tile
        label="Requests"
        note={
          <>
            rejected <Rate tenant={tenant} measure="rejected" size="tiny" />
          </>
        }
      >
        <Rate tenant={tenant} measure="requests" />
      </Tile>
      <Failed tenant={tenant} />
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

interface RateProps {
  readonly tenant: TenantDetail
  readonly measure: Charted
  readonly size?: NonNullable<FigureProps['size']>
}

function Rate({ tenant, measure, size = 'normal' }: RateProps) {
  const value = chartedRate(tenant.rates, measure)
  const { title, meaning, rateUnit } = MEASURE_WORDS[measure]
  return (
    <Figure
      {...tenantProvenance(tenant, measure, value)}
      label={`${title} per second`}
      meaning={meaning}
      value={value}
      unit={rateUnit}
      size={size}
    />
  )
}

function Failed({ tenant }: { tenant: TenantDetail }) {
  const { byRequests, byTokens } = tenant.errorShare
  return (
    <Tile
      label="Failed requests"
      note={
        <>
          <Figure
            {...tenantProvenance(tenant, 'errorTokens', byTokens)}
            label="Tokens spent on failed requests, of all its tokens"
            value={percent(byTokens)}
            unit="%"
            digits={2}
            size="tiny"
          />{' '}
          of tokens
        </>
      }
    >
      <Figure
        {...tenantProvenance(tenant, 'errors', byRequests)}
        label="Failed requests, of all that ended"
        value={percent(byRequests)}
        unit="%"
        digits={2}
        size="normal"
      />
    </Tile>
  )
}
