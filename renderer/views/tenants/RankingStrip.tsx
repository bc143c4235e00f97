import { lackOf } from '../../state/tokens/measures.ts'
import { visibleName } from '../../../shared/model/foreignText.ts'
import { useMemo } from 'react'
import type { TenantsItem } from '../../../shared/contract/tenants.ts'
import { formatInstant } from '../../../shared/model/time.ts'
import { message } from '../../../shared/messages/message.ts'
import { say } from '../../../shared/messages/format.ts'
import { noiseOf, summariseTenants } from '../../state/tenants/summary.ts'
import { untilWords } from '../../state/tenants/states.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { useSiteZone } from '../../ui/figure/freshness.ts'
import { FigureTile } from '../../ui/tile/FigureTile.tsx'
import { Tile, TileStrip } from '../../ui/tile/Tile.tsx'
import { Say } from '../../ui/text/Say.tsx'
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
    <TileStrip label={say('tenants.summary')}>
      <FigureTile
        of={say('tenants.using')}
        note={
          <>
            <Say
              id={blocked > 0 ? 'tenants.using.of.blocked' : 'tenants.using.of'}
              values={{
                listed: (
                  <Figure
                    label={say('tenants.all')}
                    value={sums.listed === 0 && item.origin.dataAsOf === null ? null : sums.listed}
                    reason={lackOf(item.origin, 'tenant')}
                    kind="count"
                    size="tiny"
                    quiet
                  />
                ),
                blocked: (
                  <Figure label={say('tenants.blocked')} value={blocked} kind="count" size="tiny" quiet />
                ),
              }}
            />
          </>
        }
        figure={{ ...tokens, value: sums.using, kind: 'count' }}
      />
      <FigureTile
        of={say('tenants.tokens')}
        note={
          item.origin.dataAsOf === null ? (
            say('tenants.noAnswer')
          ) : (
            <>
              <Say
                id={sums.unknown > 0 ? 'tenants.asOf.unknown' : 'tenants.asOf'}
                values={{
                  age: <Age at={item.origin.dataAsOf} />,
                  unknown: (
                    <Figure
                      label={say('tenants.unknownRate')}
                      value={sums.unknown}
                      kind="count"
                      size="tiny"
                      quiet
                    />
                  ),
                }}
              />
            </>
          )
        }
        figure={{ ...tokens, label: say('tenants.tokens.label'), value: sums.tokens, unit: 'tok/s' }}
      />
      <FigureTile
        of={say('tenants.largest')}
        note={<TenantLink item={item} place={sums.top} none={say('tenants.largest.none')} />}
        figure={{
          ...tenantProvenance(item, 'share', topShare),
          label: say('tenants.largest.label'),
          value: percent(topShare),
          unit: '%',
          digits: 1,
          size: 'normal',
        }}
      />
      <Tile
        label={say('tenants.beyond')}
        note={
          sums.beyond === null ? (
            say('tenants.beyond.none')
          ) : (
            <>
              <Say
                id="tenants.beyond.by"
                values={{
                  excess: (
                    <Figure
                      {...tenantProvenance(item, 'excess', sums.excess)}
                      label={say('tenants.beyond.rate')}
                      value={sums.excess}
                      unit="tok/s"
                      size="tiny"
                    />
                  ),
                }}
              />
            </>
          )
        }
      >
        <span>
          <Figure
            {...tenantProvenance(item, 'excess', sums.beyond)}
            label={say('tenants.beyond.label')}
            value={sums.beyond}
            kind="count"
            size="normal"
          />
          {sums.beyond !== null && (
            <span className="secondary">
              {' '}
              <Say
                id="tenants.beyond.of"
                values={{
                  entitled: (
                    <Figure
                      label={say('tenants.entitled')}
                      value={sums.entitled}
                      kind="count"
                      size="tiny"
                      quiet
                    />
                  ),
                }}
              />
            </span>
          )}
        </span>
      </Tile>
      <FigureTile
        of={say('tenants.runsOut')}
        note={
          soonest === null ? (
            sums.nearExhaustion === null ? (
              say('tenants.runsOut.unknown')
            ) : (
              say('tenants.runsOut.none')
            )
          ) : (
            <span
              className="tenant-soonest"
              title={say('tenants.runsOut.first', {
                tenant: visibleName(item.names[sums.soonest] ?? ''),
                instant: formatInstant(soonest, zone, item.at),
              })}
            >
              <span>
                {say('tenants.runsOut.when', {
                  when: soonest <= item.at ? message('quota.usedUp') : untilWords(soonest, item.at),
                })}
              </span>
              <TenantLink item={item} place={sums.soonest} none="" />
            </span>
          )
        }
        figure={{
          ...tenantProvenance(item, 'quota', sums.nearExhaustion),
          label: say('tenants.runsOut.label'),
          value: sums.nearExhaustion,
          kind: 'count',
          size: 'normal',
          severity: (sums.nearExhaustion ?? 0) > 0 ? 'advisory' : 'normal',
        }}
      />
      <FigureTile
        of={say('tenants.rejections')}
        note={
          <>
            <Say
              id="tenants.rejections.from"
              values={{
                n: sums.rejecting ?? 0,
                count: (
                  <Figure
                    label={say('tenants.rejecting')}
                    value={sums.rejecting}
                    kind="count"
                    size="tiny"
                    quiet
                  />
                ),
              }}
            />
          </>
        }
        figure={{
          ...tenantProvenance(item, 'rejected', sums.rejected),
          label: say('tenants.rejections.label'),
          value: sums.rejected,
          unit: 'req/s',
          size: 'normal',
        }}
      />
      <FigureTile
        of={say('tenants.noisiest')}
        note={<TenantLink item={item} place={sums.noisiest} none={say('tenants.noisiest.none')} />}
        {...(sums.noisiest === -1
          ? {}
          : { chart: <NoiseBar score={score} parts={noiseOf(item, sums.noisiest)} /> })}
        figure={{
          ...tenantProvenance(item, 'noise', score),
          label: say('tenants.noisiest.label'),
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
      title={`${visibleName(name ?? '')}\n${visibleName(id)}\n${say('tenants.open')}`}
      onClick={() => openTenant(id)}
    >
      {visibleName(name === undefined || name === '' ? id : name)}
    </button>
  )
}
