import { type FormEvent, useState } from 'react'
import type { CommandInput } from '../../../shared/contract/contract.ts'
import { say } from '../../../shared/messages/format.ts'
import { PERSON_ROLES, type PersonRole } from '../../../shared/model/person.ts'
import { Button } from '../../ui/form/Button.tsx'
import { Select } from '../../ui/form/Select.tsx'
import { TextField } from '../../ui/form/TextField.tsx'

interface AddAccountProps {
  /** There is none yet: it becomes the administrator, and from then on everyone signs in. */
  readonly first: boolean
  readonly pending: boolean
  /** @returns whether it was done */
  readonly onAdd: (wanted: CommandInput<'access.add'>) => Promise<boolean>
}

export function AddAccount({ first, pending, onAdd }: AddAccountProps) {
  const [login, setLogin] = useState('')
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<PersonRole>('onCall')
  const role = first ? 'administrator' : chosen

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (pending || !(await onAdd({ login, name, role }))) return
    setLogin('')
    setName('')
  }

  return (
    <form className="accounts-add" onSubmit={(event) => void submit(event)}>
      <h2>{say('access.add')}</h2>
      {first && <p className="secondary">{say('access.add.first')}</p>}
      <div className="accounts-fields">
        <TextField label={say('access.field.login')} value={login} onChange={setLogin} />
        <TextField label={say('access.field.name')} value={name} onChange={setName} />
        <Select<PersonRole>
          label={say('access.sheet.role')}
          value={role}
          disabled={first}
          options={PERSON_ROLES.map((value) => ({ value, title: say(`access.role.${value}`) }))}
          onChange={setChosen}
        />
        <Button type="submit" kind="primary" unavailable={pending ? say('access.checking') : null}>
          {say('access.add.button')}
        </Button>
      </div>
      <p className="secondary">{say(`access.can.${role}`)}</p>
    </form>
  )
}
