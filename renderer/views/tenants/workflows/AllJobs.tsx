import { navigate } from '../../../state/navigation.ts'
import type { WorkflowRow } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { paramsWith, WORKFLOWS_HOME, type WorkflowsPlace } from '../../../state/workflows/address.ts'
import { Button } from '../../../ui/form/Button.tsx'
import { useStanding } from '../../../ui/keys/early.ts'
import { useEscape } from '../../../ui/keys/useEscape.ts'
import { JobsView } from './JobsView.tsx'
import { leaveJobs } from './showJobs.ts'
import '../page/page.css'
import './workflows.css'

/** The jobs of all tenants, those with the most tokens first: which job, and whose. */
export function AllJobs({ place }: { place: WorkflowsPlace }) {
  useEscape({
    id: 'tenants.jobs.back',
    title: place.outcome === null ? say('jobs.escape.tenants') : say('jobs.escape.outcome'),
    group: say('keys.group.tenants'),
    step: place.outcome === null ? 'back' : 'filter',
    run: () => void leaveJobs(),
  })
  useStanding(true)
  return (
    <article className="tenants tenant-page" aria-labelledby="all-jobs">
      <header className="tenant-head">
        <Button onClick={() => void leaveJobs()}>{say('tenant.back')}</Button>
        <h2 id="all-jobs" className="tenant-title">
          {say('jobs.all')}
        </h2>
      </header>
      <JobsView tenant={null} place={place} onOpen={(job) => openJob(job, place)} />
    </article>
  )
}

/** On the page of its tenant, where the way back leads to the tenant's other jobs. */
function openJob({ id, tenant }: WorkflowRow, { period }: WorkflowsPlace): void {
  navigate('tenants', paramsWith({ tenant }, { ...WORKFLOWS_HOME, shown: true, period, job: id }))
}
