import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { OriginNotes } from '../../tokens/OriginNotes.tsx'
import { StateWord } from '../StateWord.tsx'
import { closeTenant } from '../usePlace.ts'

/** Who it is, and the way back. */
export function PageHead({ tenant }: { tenant: TenantDetail }) {
  const { id, name, state, origin } = tenant
  return (
    <header className="tenant-head">
      <Button onClick={closeTenant}>All tenants (Esc)</Button>
      <h2 id="tenant-name" className="tenant-title" title={name}>
        {name === '' ? id : name}
      </h2>
      {name !== '' && name !== id && (
        <span className="tenant-head-id secondary" title={id}>
          {id}
        </span>
      )}
      <StateWord state={state} />
      <OriginNotes origin={origin} />
    </header>
  )
}
