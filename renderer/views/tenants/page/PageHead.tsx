import { useState } from 'react'
import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { useActions } from '../../../ui/keys/actions.ts'
import { OriginNotes } from '../../tokens/OriginNotes.tsx'
import { StateWord } from '../StateWord.tsx'
import { closeTenant } from '../usePlace.ts'
import { EvidenceDialog } from '../evidence/EvidenceDialog.tsx'

/** Who it is, and the way back. */
export function PageHead({ tenant }: { tenant: TenantDetail }) {
  const { id, name, state, origin } = tenant
  const [writing, setWriting] = useState(false)
  useActions([
    {
      id: 'tenants.evidence',
      title: 'Evidence of what the tenant used',
      group: 'Tenants',
      keys: 'e',
      run: () => setWriting(true),
    },
  ])
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
      <Button onClick={() => setWriting(true)}>Evidence (e)</Button>
      <OriginNotes origin={origin} />
      {writing && <EvidenceDialog tenant={id} name={name} onClose={() => setWriting(false)} />}
    </header>
  )
}
