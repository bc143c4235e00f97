import { Name } from '../../../ui/text/Name.tsx'
import type { ReactNode } from 'react'
import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { chartedRate } from '../../../state/tokens/measures.ts'
import { PlainHead } from '../../../ui/table/PlainHead.tsx'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { percent, tenantProvenance } from '../provenance.ts'
import { UsedBar } from '../UsedBar.tsx'
import { Say } from '../../../ui/text/Say.tsx'
import { Part } from './Part.tsx'

/** What it may use, and how much of that it does. */
export function Limits({ tenant }: { tenant: TenantDetail }) {
  const { limits, limitUse, entitled, excess, rates } = tenant
  const tokens = chartedRate(rates, 'tokens')
  const bought = tokens === null || entitled === null || entitled <= 0 ? null : tokens / entitled
  return (
    <Part
      title={say('tenant.limits')}
      figure={
        excess !== null &&
        excess > 0 && (
          <span className="secondary">
            <Say
              id="tenant.limits.beyond"
              values={{
                excess: (
                  <Figure
                    {...tenantProvenance(tenant, 'excess', excess)}
                    label={say('tenant.limits.beyond.label')}
                    value={excess}
                    unit="tok/s"
                    size="tiny"
                  />
                ),
              }}
            />
          </span>
        )
      }
    >
      <table className="tenant-table limit-table">
        <PlainHead
          columns={[
            say('tenant.limits.agreed'),
            { title: say('tenant.limits.amount'), end: true },
            { title: say('tenant.limits.use'), className: 'limit-use' },
          ]}
        />
        <tbody>
          <Row
            name={say('tenant.limits.entitlement')}
            tenant={tenant}
            what="entitled"
            use={bought}
            limited={false}
          >
            <Figure
              {...tenantProvenance(tenant, 'entitled', entitled)}
              label={say('tenant.limits.entitlement.label')}
              value={entitled}
              unit="tok/s"
            />
          </Row>
          <Row name={say('tenant.limits.tokens')} tenant={tenant} what="limit" use={limitUse.tpm} limited>
            <Limit
              tenant={tenant}
              what="limit"
              label={say('tenant.limits.tokens.label')}
              value={limits.tpm}
              unit="tok"
            />
          </Row>
          <Row
            name={say('tenant.limits.requests')}
            tenant={tenant}
            what="requestLimit"
            use={limitUse.rpm}
            limited
          >
            <Limit
              tenant={tenant}
              what="requestLimit"
              label={say('tenant.limits.requests.label')}
              value={limits.rpm}
              unit="req"
            />
          </Row>
          <tr>
            <th scope="row">{say('tenant.limits.concurrent')}</th>
            <td className="end">
              <Figure
                {...tenantProvenance(tenant, 'concurrency', limits.maxConcurrent)}
                label={say('tenant.limits.concurrent.label')}
                value={limits.maxConcurrent}
                unit="req"
                align="end"
              />
            </td>
            <td className="limit-use secondary">{say('tenant.limits.notCounted')}</td>
          </tr>
        </tbody>
      </table>
    </Part>
  )
}

type Agreed = 'entitled' | 'limit' | 'requestLimit'

interface RowProps {
  readonly name: string
  readonly tenant: TenantDetail
  readonly what: Agreed
  /** 0–1 and beyond. */
  readonly use: number | null
  /** What reaches a limit is refused; what exceeds an entitlement is not. */
  readonly limited: boolean
  readonly children: ReactNode
}

function Row({ name, tenant, what, use, limited, children }: RowProps) {
  return (
    <tr>
      <th scope="row">
        <Name of={name} />
      </th>
      <td className="end">{children}</td>
      <td className="limit-use">
        <span className="used">
          {use === null ? <span /> : <UsedBar used={use} />}
          <Figure
            {...tenantProvenance(tenant, what, use)}
            label={say('tenant.limits.inUse', { name })}
            value={percent(use)}
            unit="%"
            digits={0}
            align="end"
            severity={limited && use !== null && use >= 1 ? 'advisory' : 'normal'}
          />
        </span>
      </td>
    </tr>
  )
}

interface LimitProps {
  readonly tenant: TenantDetail
  readonly what: Agreed
  readonly label: string
  readonly value: number | null
  readonly unit: 'tok' | 'req'
}

function Limit({ tenant, what, label, value, unit }: LimitProps) {
  return (
    <span className="limit-amount">
      <Figure {...tenantProvenance(tenant, what, value)} label={label} value={value} unit={unit} />
      {value !== null && <span className="secondary">{say('tenant.limits.perMinute')}</span>}
    </span>
  )
}
