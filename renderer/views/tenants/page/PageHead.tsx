import { visibleName } from '../../../../shared/model/foreignText.ts'
import { useState } from 'react'
import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import type { WorkflowsPlace } from '../../../state/workflows/address.ts'
import { openThrottleSheet } from '../../../state/throttles/sheet.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { useActions } from '../../../ui/keys/actions.ts'
import { OriginNotes } from '../../tokens/OriginNotes.tsx'
import { StateWord } from '../StateWord.tsx'
import { Segments } from '../../tokens/Segments.tsx'
import { EvidenceDialog } from '../evidence/EvidenceDialog.tsx'
import { closeTenant } from '../usePlace.ts'
import { goToJobs, leaveJobs, showJobs } from '../workflows/showJobs.ts'

interface PageHeadProps {
  readonly tenant: TenantDetail
  readonly place: WorkflowsPlace
}

/** Who it is, its figures or its jobs, and the way back. */
export function PageHead({ tenant, place }: PageHeadProps) {
  const { id, name, state, origin } = tenant
  const [writing, setWriting] = useState(false)
  useActions([
    {
      id: 'tenants.jobs',
      title: say('tenant.action.jobs'),
      group: say('keys.group.tenants'),
      keys: 'w',
      run: () => goToJobs({}),
    },
    {
      id: 'tenants.evidence',
      title: say('tenant.action.evidence'),
      group: say('keys.group.tenants'),
      keys: 'e',
      run: () => setWriting(true),
    },
  ])
  return (
    <header className="tenant-head">
      {place.shown ? (
        <Button onClick={leaveJobs}>{say('tenant.back.one')}</Button>
      ) : (
        <Button onClick={closeTenant}>{say('tenant.back')}</Button>
      )}
      <h2 id="tenant-name" className="tenant-title" title={visibleName(name)}>
        {visibleName(name === '' ? id : name)}
      </h2>
      {name !== '' && name !== id && (
        <span className="tenant-head-id secondary" title={visibleName(id)}>
          {visibleName(id)}
        </span>
      )}
      <StateWord state={state} />
      <Segments<'figures' | 'jobs'>
        label={say('tenant.part')}
        value={place.shown ? 'jobs' : 'figures'}
        options={[
          { value: 'figures', title: say('tenant.part.figures') },
          { value: 'jobs', title: say('tenant.part.jobs') },
        ]}
        onChange={(value) =>
          value === 'jobs' ? goToJobs({ job: null }) : showJobs({ shown: false, job: null })
        }
      />
      <Button onClick={() => setWriting(true)}>{say('tenant.evidence')}</Button>
      <Button onClick={() => openThrottleSheet({ tenant: id, name })}>{say('throttles.open')}</Button>
      <OriginNotes origin={origin} />
      {writing && <EvidenceDialog tenant={id} name={name} onClose={() => setWriting(false)} />}
    </header>
  )
}
