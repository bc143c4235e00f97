import { say, textOf } from '../../../shared/messages/format.ts'
import { CAUSE_TERMS } from '../../../shared/glossary/cause.ts'
import { explain } from '../../../shared/glossary/glossary.ts'
import type { CauseFound } from '../../../shared/model/cause.ts'
import { Age } from '../../ui/figure/Age.tsx'
import { Figure } from '../../ui/figure/Figure.tsx'
import { PlainHead } from '../../ui/table/PlainHead.tsx'
import { Name } from '../../ui/text/Name.tsx'
import { causeProvenance } from './causeProvenance.ts'
import { ScopeNames } from './ScopeNames.tsx'

/** Tenants by their excess on these servers; those one would suspect, and why they are cleared. */
export function Causes({ found: { causes, verdict, at } }: { readonly found: CauseFound }) {
  const figure = (label: string, value: number | null, reason = '') => (
    <Figure {...causeProvenance(at)} label={label} value={value} unit="tok/min" align="end" reason={reason} />
  )
  return (
    <div className="cause-list">
      <h3 title={explain(CAUSE_TERMS.causes)}>{CAUSE_TERMS.causes.name}</h3>
      {causes.length === 0 ? (
        <p className="secondary">{say('cause.causes.none')}</p>
      ) : (
        <table className="cause-table cause-causes">
          <PlainHead
            columns={[
              say('cause.tenant'),
              { title: CAUSE_TERMS.excess.name, end: true },
              { title: say('cause.causes.now'), end: true },
              { title: say('cause.causes.usual'), end: true },
              { title: say('cause.causes.entitled'), end: true },
              say('cause.causes.since'),
            ]}
          />
          <tbody>
            {causes.map((cause) => {
              const { tenant, excess, tokensNow, tokensUsual, entitled, onset, cleared } = cause
              return (
                <tr key={tenant} data-cleared={cleared === null && verdict === 'tenants' ? undefined : ''}>
                  <th scope="row">
                    <Name of={tenant} />
                    {cleared === null && <ScopeNames scope={cause} />}
                  </th>
                  <td className="end">{figure(CAUSE_TERMS.excess.name, excess)}</td>
                  <td className="end">{figure(say('cause.causes.now'), tokensNow)}</td>
                  <td className="end">{figure(say('cause.causes.usual'), tokensUsual)}</td>
                  <td className="end">
                    {figure(say('cause.causes.entitled'), entitled, say('cause.causes.noEntitlement'))}
                  </td>
                  <td>
                    {cleared !== null ? (
                      <span className="secondary">{textOf(cleared)}</span>
                    ) : (
                      <Age at={onset} never={say('cause.causes.noOnset')} />
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </div>
  )
}
