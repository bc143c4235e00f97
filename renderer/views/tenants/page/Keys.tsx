import { visibleName } from '../../../../shared/model/foreignText.ts'
import type { KeyList } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import type { Client } from '../../../transport/types.ts'
import { Age } from '../../../ui/figure/Age.tsx'
import { PlainHead } from '../../../ui/table/PlainHead.tsx'
import { Figure } from '../../../ui/figure/Figure.tsx'
import { Glyph } from '../../../ui/glyph/Glyph.tsx'
import { useAsked } from '../../tokens/useAsked.ts'
import { Part } from './Part.tsx'

/** Keys change when people change them. */
const EVERY_MS = 60_000

function askKeys(
  client: Client,
  tenant: { readonly tenant: string },
  _now: number,
  signal: AbortSignal,
): Promise<KeyList> {
  return client.call('tokens.keys', tenant, { signal })
}

/** Its keys by their public names; a secret is nowhere in the contract. */
export function Keys({ tenant }: { tenant: string }) {
  const { answer, failure } = useAsked({ tenant }, EVERY_MS, askKeys)
  return (
    <Part title={say('tenant.keys')}>
      {answer === null ? (
        <p className="secondary">
          {failure === null ? say('tenant.keys.asking') : `${failure.text} ${failure.nextStep}`}
        </p>
      ) : (
        <KeyTable list={answer.output} />
      )}
    </Part>
  )
}

function KeyTable({ list: { keys, note, origin } }: { list: KeyList }) {
  if (keys.length === 0) return <p className="secondary">{note === '' ? say('tenant.keys.none') : note}</p>
  return (
    <>
      <table className="tenant-table key-table">
        <PlainHead
          columns={[
            say('tenant.keys.name'),
            say('tenant.keys.state'),
            { title: say('tenant.keys.lastHour'), end: true },
            { title: say('tenant.keys.lastUsed'), end: true },
          ]}
        />
        <tbody>
          {keys.map(({ id, name, state, lastHour, lastUsedAt }) => (
            <tr key={id}>
              <th scope="row" className="cut" title={`${visibleName(name)}\n${visibleName(id)}`}>
                {visibleName(name === '' ? id : name)}
              </th>
              <td className="key-state">
                {state !== 'active' && <Glyph name={KEY_GLYPHS[state]} />} {say(`tenant.keys.state.${state}`)}
              </td>
              <td className="end">
                <Figure
                  label={say('tenant.keys.tokens', { key: visibleName(name) })}
                  value={lastHour === null ? null : BigInt(lastHour)}
                  unit="tok"
                  align="end"
                  at={origin.dataAsOf}
                  source={origin.name}
                  reason={note === '' ? say('tenant.keys.unknown') : note}
                />
              </td>
              <td className="end secondary">
                <Age at={lastUsedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {note !== '' && <p className="secondary">{note}</p>}
    </>
  )
}

const KEY_GLYPHS = { blocked: 'failing', expired: 'absent', unlisted: 'unknown' } as const
