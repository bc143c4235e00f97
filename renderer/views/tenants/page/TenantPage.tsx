import { useEffect, useRef } from 'react'
import type { TenantDetail } from '../../../../shared/contract/tenants.ts'
import { say } from '../../../../shared/messages/format.ts'
import { useThrottleSubject } from '../../../state/throttles/useThrottleSubject.ts'
import { useStream } from '../../../transport/context.tsx'
import { EmptyState } from '../../../ui/dialog/EmptyState.tsx'
import { Button } from '../../../ui/form/Button.tsx'
import { useStanding } from '../../../ui/keys/early.ts'
import { useEscape } from '../../../ui/keys/useEscape.ts'
import { escapeOf } from '../../../state/workflows/address.ts'
import { OriginBanner } from '../../tokens/OriginNotes.tsx'
import { closeTenant } from '../usePlace.ts'
import { JobsView } from '../workflows/JobsView.tsx'
import { JobView } from '../workflows/JobView.tsx'
import { LargestJobs } from '../workflows/LargestJobs.tsx'
import { goToJobs, leaveJobs, useJobsPlace } from '../workflows/showJobs.ts'
import { Keys } from './Keys.tsx'
import { Limits } from './Limits.tsx'
import { Waiting } from '../../../ui/dialog/Waiting.tsx'
import { LastKnown } from '../../../ui/figure/LastKnown.tsx'
import { Noise } from './Noise.tsx'
import { PageHead } from './PageHead.tsx'
import { PageStrip } from './PageStrip.tsx'
import { Parts } from './Parts.tsx'
import { Quotas } from './Quotas.tsx'
import { Trend } from './Trend.tsx'
import './page.css'
import '../workflows/workflows.css'

/** One tenant: how much of what, against which agreement, through which keys, in which jobs. */
export function TenantPage({ id }: { id: string }) {
  const stream = useStream('tokens.tenant', { id })
  const { item, failure } = stream
  const place = useJobsPlace()
  useThrottleSubject({ tenant: id, name: item?.name ?? '' })
  useEscape({
    id: 'tenants.back',
    ...escapeOf(place),
    group: say('keys.group.tenants'),
    run() {
      if (!leaveJobs()) closeTenant()
    },
  })
  useStanding(item !== undefined)
  if (item === null) {
    return (
      <EmptyState
        reason={say('tenant.unknown', { tenant: id })}
        nextStep={say('tenant.unknown.next')}
        action={<Button onClick={closeTenant}>{say('tenant.back')}</Button>}
      />
    )
  }
  if (item === undefined) {
    return (
      <Waiting
        waiting={say('tenant.waiting', { tenant: id })}
        nextStep={say('tenant.waiting.next')}
        failure={failure}
        action={<Button onClick={closeTenant}>{say('tenant.back')}</Button>}
      />
    )
  }
  return (
    <LastKnown of={stream}>
      <Page tenant={item} />
    </LastKnown>
  )
}

function Page({ tenant }: { tenant: TenantDetail }) {
  const place = useJobsPlace()
  return (
    <article className="tenants tenant-page" aria-labelledby="tenant-name">
      <OriginBanner origin={tenant.origin} />
      <PageHead tenant={tenant} place={place} />
      {!place.shown ? (
        <Figures tenant={tenant} />
      ) : place.job === null ? (
        <JobsView tenant={tenant.id} place={place} onOpen={({ id }) => goToJobs({ job: id })} />
      ) : (
        <JobView id={place.job} place={place} />
      )}
    </article>
  )
}

/** Everything of it but its jobs. */
function Figures({ tenant }: { tenant: TenantDetail }) {
  const body = useRef<HTMLDivElement>(null)
  // The keyboard scrolls the page that was opened, not the list that is gone.
  useEffect(() => body.current?.focus({ preventScroll: true }), [])
  return (
    <>
      <PageStrip tenant={tenant} />
      {/* Scrolled by keyboard, therefore a stop of the Tab key. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section ref={body} className="tenant-body" tabIndex={0} aria-label={say('tenant.figures')}>
        <div className="tenant-column tenant-column-wide">
          <Trend tenant={tenant} />
          <LargestJobs tenant={tenant.id} />
        </div>
        <div className="tenant-column">
          <Noise tenant={tenant} />
          <Limits tenant={tenant} />
          <Quotas tenant={tenant} />
        </div>
        <div className="tenant-column">
          <Parts tenant={tenant} />
          <Keys tenant={tenant.id} />
        </div>
      </section>
    </>
  )
}
