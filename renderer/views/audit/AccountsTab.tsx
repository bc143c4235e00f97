import type { AccountRow } from '../../../shared/contract/access.ts'
import { say } from '../../../shared/messages/format.ts'
import { PERSON_ROLES, type PersonRole } from '../../../shared/model/person.ts'
import { useWhyNot } from '../../state/access/me.ts'
import { EmptyState } from '../../ui/dialog/EmptyState.tsx'
import { Button } from '../../ui/form/Button.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { Refused } from '../signIn/Refused.tsx'
import { AddAccount } from './AddAccount.tsx'
import { type Accounts, type Issued, useAccounts } from './useAccounts.ts'

/** Accounts of the site, for administrators: who may sign in, and what they may do. */
export function AccountsTab() {
  const mayNot = useWhyNot('access.accounts')
  const accounts = useAccounts(mayNot === null)
  const { list, failure, issued, pending, change, forgetCode } = accounts
  const code = issued === null ? null : <IssuedCode issued={issued} onDone={forgetCode} />
  if (mayNot !== null) {
    return (
      <>
        {/* With the first account this console stops acting by itself; its code must not be lost with that. */}
        {code}
        <EmptyState reason={say('access.accounts.notShown')} nextStep={mayNot} />
      </>
    )
  }
  return (
    <div className="accounts">
      {code}
      {list?.length === 0 && <p className="secondary">{say('access.accounts.none')}</p>}
      {list !== null && list.length > 0 && (
        <table className="audit-table">
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {say(`access.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.map((account) => (
              <AccountLine key={account.id} account={account} change={change} />
            ))}
          </tbody>
        </table>
      )}
      <Refused failure={failure} />
      <AddAccount
        first={list?.length === 0}
        pending={pending}
        onAdd={(wanted) => change('access.add', wanted)}
      />
    </div>
  )
}

const COLUMNS = ['login', 'name', 'role', 'state', 'signedIn', 'acts'] as const

function AccountLine({ account, change }: { account: AccountRow; change: Accounts['change'] }) {
  const { login, name, role, disabled, signedInAt } = account
  return (
    <tr data-disabled={disabled ? '' : undefined}>
      <td>{login}</td>
      <td>{name}</td>
      <td>
        <Select<PersonRole>
          label={say('access.roleOf', { name })}
          hideLabel
          value={role}
          options={PERSON_ROLES.map((value) => ({ value, title: say(`access.role.${value}`) }))}
          onChange={(value) => void change('access.role', { login, role: value })}
        />
      </td>
      <td>{stateOf(account)}</td>
      <td className="audit-digits">{signedInAt === null ? say('access.never') : minute(signedInAt)}</td>
      <td className="accounts-acts">
        <Button onClick={() => void change('access.code', { login })}>{say('access.newCode')}</Button>{' '}
        <Button onClick={() => void change('access.disable', { login, disabled: !disabled })}>
          {disabled ? say('access.enable') : say('access.disable')}
        </Button>
      </td>
    </tr>
  )
}

function IssuedCode({ issued, onDone }: { issued: Issued; onDone: () => void }) {
  return (
    <section className="accounts-code" aria-live="polite">
      <p>{say('access.issued', { login: issued.login })}</p>
      <p className="accounts-code-letters">{issued.code}</p>
      <p className="secondary">{say('access.cli.code.next', { until: minute(issued.until) })}</p>
      <Button onClick={onDone}>{say('access.issued.done')}</Button>
    </section>
  )
}

function stateOf({ disabled, codeUntil, passwordAt }: AccountRow): string {
  if (disabled) return say('access.state.disabled')
  if (codeUntil !== null) return say('access.state.code', { until: minute(codeUntil) })
  return passwordAt === null ? say('access.state.none') : say('access.state.active')
}

function minute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ')
}
