import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { formatInstant } from '../../../../shared/model/time.ts'
import { say } from '../../../../shared/messages/format.ts'
import { untilWords, whyMissing } from '../../../state/tenants/states.ts'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { useSiteZone } from '../../../ui/figure/freshness.ts'
import { Explained } from '../../../ui/tooltip/Explained.tsx'
import { Exhaustion } from '../Exhaustion.tsx'
import { percent } from '../provenance.ts'
import { UsedBar } from '../UsedBar.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import { Part } from './Part.tsx'

/** Tokens of a period: how many are used, how many are left, and whether they last. */
export function Quotas({ tenant }: { tenant: TenantDetail }) {
  const { quotas, origin } = tenant
  return (
    <Part title={say('quota.title')}>
      {quotas.length === 0 ? (
        <p className="secondary">{whyMissing(origin, 'quota')}</p>
      ) : (
        <ul className="quotas">
          {quotas.map((quota) => (
            <QuotaRow key={quota.name} tenant={tenant} quota={quota} />
          ))}
        </ul>
      )}
    </Part>
  )
}

interface QuotaRowProps {
  readonly tenant: TenantDetail
  readonly quota: TenantDetail['quotas'][number]
}

function QuotaRow({ tenant: { origin, at }, quota }: QuotaRowProps) {
  const zone = useSiteZone()
  const { name, limit, used, remaining, usedShare, resetsAt, exhaustsAt } = quota
  const shared = { at: origin.dataAsOf, source: origin.name, size: 'tiny' } as const
  return (
    <li className="quota">
      <div className="quota-head">
        <span className="quota-name" title={visibleName(name)}>
          {visibleName(name)}
        </span>
        <Figure
          {...shared}
          label={say('quota.used', { name })}
          value={percent(usedShare)}
          reason={say('quota.zero')}
          unit="%"
          digits={0}
          size="small"
        />
      </div>
      <UsedBar used={usedShare ?? 0} />
      <div className="quota-words secondary">
        <span>
          <Say
            id="quota.usedOf"
            values={{
              used: (
                <Figure {...shared} label={say('quota.used', { name })} value={BigInt(used)} unit="tok" />
              ),
              limit: (
                <Figure {...shared} label={say('quota.limit', { name })} value={BigInt(limit)} unit="tok" />
              ),
            }}
          />
        </span>
        <span>
          <Say
            id="quota.left"
            values={{
              left: (
                <Figure
                  {...shared}
                  label={say('quota.left.label', { name })}
                  value={BigInt(remaining)}
                  unit="tok"
                />
              ),
            }}
          />
        </span>
      </div>
      <div className="quota-words secondary">
        <Explained by={formatInstant(resetsAt, zone, at)}>
          {say('quota.resets', { when: untilWords(resetsAt, at) })}
        </Explained>
        <span className="quota-end">
          <Say
            id={
              exhaustsAt !== null
                ? exhaustsAt > at
                  ? 'quota.runsOut'
                  : 'quota.end'
                : (usedShare ?? 1) < 1
                  ? 'quota.untilReset'
                  : 'quota.end'
            }
            values={{ time: <Exhaustion used={usedShare} exhaustsAt={exhaustsAt} now={at} reason="" /> }}
          />
        </span>
      </div>
    </li>
  )
}
