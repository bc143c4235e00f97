import { lackOf } from '../../state/tokens/measures.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { useMemo } from 'react'
import type { TenantsItem } from '../../../shared/contract/tenants.ts'
import { formatInstant } from '../../../shared/model/time.ts'
import { noiseOf, summariseTenants } from '../../state/tenants/summary.ts'
import { untilWords } from '../../state/tenants/states.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { FigureTile } from '../../ui/tile/FigureTile.tsx'
import { Tile, TileStrip } from '../../ui/tile/Tile.tsx'
import { NoiseBar } from './NoiseBar.tsx'
import { percent, tenantProvenance } from './provenance.ts'
import { openTenant } from './usePlace.ts'

/** All tenants in seven figures: how many, how much, whose, who goes beyond, who runs out, who is refused, who is loud. */
export function RankingStrip({ item }: { item: TenantsItem }) {
  const zone = useSiteZone()
  const sums = useMemo(() => summariseTenants(item, item.at), [item])
  const tokens = tenantProvenance(item, 'tokens', sums.tokens)
  const blocked = item.states.reduce((count, state) => count + (state === 'blocked' ? 1 : 0), 0)
  const topShare = item.share[sums.top] ?? null
  const score = item.noise[sums.noisiest] ?? null
  const soonest = item.exhaustsAt[sums.soonest] ?? null
  return (
    <TileStrip label="Summary of all tenants">
      <FigureTile
        of="Tenants using tokens"
        note={
          <>
            of{' '}
            <Figure
              label="Tenants in all"
              value={sums.listed === 0 && item.origin.dataAsOf === null ? null : sums.listed}
              reason={lackOf(item.origin, 'tenant')}
              kind="count"
              size="tiny"
              quiet
            />
            {blocked > 0 && (
              <>
                {' · '}
                <Figure label="Blocked tenants" value={blocked} kind="count" size="tiny" quiet /> blocked
              </>
            )}
          </>
        }
        figure={{ ...tokens, value: sums.using, kind: 'count' }}
      />
      <FigureTile
        of="Tokens of all tenants"
        note={
          item.origin.dataAsOf === null ? (
            'no answer yet'
          ) : (
            <>
              as of <Age at={item.origin.dataAsOf} />
              {sums.unknown > 0 && (
                <>
                  {'; without '}
                  <Figure
                    label="Tenants of unknown rate"
                    value={sums.unknown}
                    kind="count"
                    size="tiny"
                    quiet
                  />{' '}
                  unknown
                </>
              )}
            </>
          )
        }
        figure={{ ...tokens, label: 'Tokens per second', value: sums.tokens, unit: 'tok/s' }}
      />
      <FigureTile
        of="Largest tenant"
        note={<TenantLink item={item} place={sums.top} none="no share is known" />}
        figure={{
          ...tenantProvenance(item, 'share', topShare),
          label: 'Share of the largest tenant',
          value: percent(topShare),
          unit: '%',
          digits: 1,
          size: 'normal',
        }}
      />
      <Tile
        label="Beyond entitlement"
        note={
          sums.beyond === null ? (
            'no agreed rate is known'
          ) : (
            <>
              by{' '}
              <Figure
                {...tenantProvenance(item, 'excess', sums.excess)}
                label="Tokens per second beyond all entitlements"
                value={sums.excess}
                unit="tok/s"
                size="tiny"
              />
            </>
          )
        }
      >
        <span>
          <Figure
            {...tenantProvenance(item, 'excess', sums.beyond)}
            label="Tenants beyond their entitlement"
            value={sums.beyond}
            kind="count"
            size="normal"
          />
          {sums.beyond !== null && (
            <span className="secondary">
              {' of '}
              <Figure
                label="Tenants with an entitlement"
                value={sums.entitled}
                kind="count"
                size="tiny"
                quiet
              />
            </span>
          )}
        </span>
      </Tile>
      <FigureTile
        of="Quota runs out within 24 h"
        note={
          soonest === null ? (
            sums.nearExhaustion === null ? (
              'no quota is known'
            ) : (
              'all last until their reset'
            )
          ) : (
            <span
              className="tenant-soonest"
              title={`First: ${visibleName(item.names[sums.soonest] ?? '')}, ${formatInstant(soonest, zone, item.at)}`}
            >
              <span>{soonest <= item.at ? 'used up:' : `${untilWords(soonest, item.at)}:`}</span>
              <TenantLink item={item} place={sums.soonest} none="" />
            </span>
          )
        }
        figure={{
          ...tenantProvenance(item, 'quota', sums.nearExhaustion),
          label: 'Tenants whose quota runs out within 24 hours',
          value: sums.nearExhaustion,
          kind: 'count',
          size: 'normal',
          severity: (sums.nearExhaustion ?? 0) > 0 ? 'advisory' : 'normal',
        }}
      />
      <FigureTile
        of="Rejections"
        note={
          <>
            of{' '}
            <Figure label="Tenants that are refused" value={sums.rejecting} kind="count" size="tiny" quiet />{' '}
            {sums.rejecting === 1 ? 'tenant' : 'tenants'}
          </>
        }
        figure={{
          ...tenantProvenance(item, 'rejected', sums.rejected),
          label: 'Rejections per second',
          value: sums.rejected,
          unit: 'req/s',
          size: 'normal',
        }}
      />
      <FigureTile
        of="Noisiest"
        note={<TenantLink item={item} place={sums.noisiest} none="no score is known" />}
        {...(sums.noisiest === -1
          ? {}
          : { chart: <NoiseBar score={score} parts={noiseOf(item, sums.noisiest)} /> })}
        figure={{
          ...tenantProvenance(item, 'noise', score),
          label: 'Noisy score of the noisiest tenant, 0 to 1',
          value: score,
          digits: 2,
          size: 'normal',
        }}
      />
    </TileStrip>
  )
}

/** Leads to the tenant's page. */
function TenantLink({ item, place, none }: { item: TenantsItem; place: number; none: string }) {
  const id = item.ids[place]
  if (id === undefined) return none
  const name = item.names[place]
  return (
    <button
      type="button"
      className="tenant-link"
      title={`${visibleName(name ?? '')}\n${visibleName(id)}\nOpen its page`}
      onClick={() => openTenant(id)}
    >
      {visibleName(name === undefined || name === '' ? id : name)}
    </button>
  )
}
