import { say } from '../../../shared/messages/format.ts'
import { CAUSE_TERMS } from '../../../shared/glossary/cause.ts'
import { explain } from '../../../shared/glossary/glossary.ts'
import type { CauseFound } from '../../../shared/model/cause.ts'
import { Figure } from '../../ui/figure/Figure.tsx'
import { PlainHead } from '../../ui/table/PlainHead.tsx'
import { Name } from '../../ui/text/Name.tsx'
import { causeProvenance } from './causeProvenance.ts'

/** As many as fit beside the causes; the tenants' view has them all. */
const MOST_SHOWN = 6

/** Tenants by their share of the bad events since the onset. */
export function Suffers({ found: { suffers, at } }: { readonly found: CauseFound }) {
  return (
    <div className="cause-list">
      <h3 title={explain(CAUSE_TERMS.suffers)}>{CAUSE_TERMS.suffers.name}</h3>
      {suffers === null ? (
        <p className="secondary">{say('cause.suffers.unknown')}</p>
      ) : suffers.length === 0 ? (
        <p className="secondary">{say('cause.suffers.none')}</p>
      ) : (
        <table className="cause-table">
          <PlainHead
            columns={[
              say('cause.tenant'),
              { title: say('cause.suffers.share'), end: true },
              say('cause.suffers.bad'),
            ]}
          />
          <tbody>
            {suffers.slice(0, MOST_SHOWN).map(({ tenant, bad, total, share }) => (
              <tr key={tenant}>
                <th scope="row">
                  <Name of={tenant} />
                </th>
                <td className="end">
                  <Figure
                    {...causeProvenance(at)}
                    label={say('cause.suffers.share')}
                    value={share * 100}
                    unit="%"
                    align="end"
                  />
                  <span className="cause-bar" aria-hidden="true">
                    <span style={{ inlineSize: `${share * 100}%` }} />
                  </span>
                </td>
                <td className="secondary">{say('cause.suffers.of', { bad, total })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {suffers !== null && suffers.length > MOST_SHOWN && (
        <p className="secondary">{say('cause.more', { more: suffers.length - MOST_SHOWN })}</p>
      )}
    </div>
  )
}
